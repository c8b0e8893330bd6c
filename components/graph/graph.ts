import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../server/api/app-router.ts'

/** What the server tells of all filters and their references. */
export type Graph = inferRouterOutputs<AppRouter>['filter']['graph']
