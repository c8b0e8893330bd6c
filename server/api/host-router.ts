import { tracked } from '@trpc/server'
import { z } from 'zod'
import { healPolicy, pauseInput } from '../../agent/link/contract.ts'
import { firstWord, onAgentReport } from '../agents/watch-agent.ts'
import { askAgent } from './ask-agent.ts'
import { hostDetail } from './host-detail.ts'
import { type HostView, hostView } from './host-view.ts'
import { procedure, router } from './trpc.ts'

/** Silence has no report: it is looked for at this pace. */
const LOOK_EVERY_MS = 1000

export const hostRouter = router({
  get: procedure.query(() => hostView()),
  /**
   * Timeline, drift, windows and rules of others. No subscription of its own: a browser gives a site few connections, and the view
   * that every tab has names the revision.
   */
  detail: procedure.query(async () => {
    await firstWord()
    return hostDetail()
  }),
  /** Makes the kernel what was applied, whatever the policy; ends a pause, and a stop after a fight. */
  heal: procedure.mutation(() => askAgent('nothing was healed', ({ host }) => host.heal.mutate())),
  setHealing: procedure.input(healPolicy).mutation(async ({ input }) => {
    await askAgent('the policy stays as it was', ({ host }) => host.setHealing.mutate(input))
  }),
  /** Nothing is healed for so many minutes; no minutes end the pause. */
  pauseHealing: procedure.input(pauseInput).mutation(async ({ input }) => {
    await askAgent('nothing was changed', ({ host }) => host.pauseHealing.mutate(input))
  }),
  /** What the kernel, the tools and the NICs of the host can do. Looks, and changes nothing. */
  preflight: procedure.query(() => askAgent('nothing was checked', ({ host }) => host.preflight.query())),
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
