import { bindingRouter } from './binding-router.ts'
import { filterRouter } from './filter-router.ts'
import { hostRouter } from './host-router.ts'
import { nicRouter } from './nic-router.ts'
import { createCallerFactory, router } from './trpc.ts'

export const appRouter = router({ filter: filterRouter, binding: bindingRouter, nic: nicRouter, host: hostRouter })
export type AppRouter = typeof appRouter

/** The same procedures for pages that render on the server. */
export const createCaller = createCallerFactory(appRouter)
