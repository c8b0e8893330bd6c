import { initTRPC, TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import type { ProblemView } from './describe-diagnostic.ts'

type ApiContext = { readonly signedIn: boolean }

/** What a refused change tells beside its sentence. */
export type RefusalDetail =
  | { readonly kind: 'problems'; readonly problems: readonly ProblemView[] }
  | { readonly kind: 'conflict'; readonly version: number; readonly savedAt: string; readonly xml: string }

/** An error with details that reach the browser as `data.detail`. */
export class Refusal extends Error {
  readonly detail: RefusalDetail
  constructor(message: string, detail: RefusalDetail) {
    super(message)
    this.detail = detail
  }
}

const t = initTRPC.context<ApiContext>().create({
  sse: { ping: { enabled: true, intervalMs: 3000 }, client: { reconnectAfterInactivityMs: 8000 } },
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    // Nobody but the developer of a client sees this; the place of bad input is enough.
    message: error.cause instanceof ZodError ? 'The request has not the expected form.' : shape.message,
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      detail: error.cause instanceof Refusal ? error.cause.detail : null,
    },
  }),
})

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** Every procedure needs a session. */
export const procedure = t.procedure.use(({ ctx, next }) => {
  if (!ctx.signedIn) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first.' })
  return next()
})
