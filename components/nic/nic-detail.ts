import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../server/api/app-router.ts'

/** What the server tells of one NIC. */
export type NicDetail = inferRouterOutputs<AppRouter>['nic']['get']
