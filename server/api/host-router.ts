import { tracked } from '@trpc/server'
import { z } from 'zod'
import { firstWord, onAgentReport } from '../agents/watch-agent.ts'
import { type HostView, hostView } from './host-view.ts'
import { procedure, router } from './trpc.ts'

/** Silence has no report: it is looked for at this pace. */
const LOOK_EVERY_MS = 1000

export const hostRouter = router({
  get: procedure.query(() => hostView()),
  /** The host's state: at once, with each report of the agent, and when the agent falls silent. One subscription a tab. */
  watch: procedure.input(z.object({ lastEventId: z.string().nullish() }).optional()).subscription(async function* ({
    signal,
  }) {
    let wake: () => void = () => undefined
    const leave = onAgentReport(() => wake())
    signal?.addEventListener('abort', () => wake())
    let told: HostView | undefined
    try {
      await firstWord()
      while (!signal?.aborted) {
        const view = await hostView()
        if (view.agent !== told?.agent || view.sequence !== told.sequence) {
          yield tracked(`${view.sequence}-${view.agent}`, view)
          told = view
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_EVERY_MS)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    } finally {
      leave()
    }
  }),
})
