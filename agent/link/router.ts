import { initTRPC, TRPCError, tracked } from '@trpc/server'
import { z } from 'zod'
import type { Host } from '../host/host.ts'
import { execInLab } from '../lab/exec-in-lab.ts'
import { enterHost, LAB_GUESTS, type Lab } from '../lab/lab.ts'
import { sendFrames } from '../lab/send-frames.ts'
import { preflight } from '../preflight/preflight.ts'
import {
  desiredStateInput,
  extendInput,
  type HostState,
  healPolicy,
  labExecInput,
  labSendInput,
  observeInput,
  pauseInput,
  windowInput,
} from './contract.ts'
import { deltaWriter } from './host-delta.ts'

export type AgentContext = { readonly host: Host; readonly lab: Lab | undefined }

const t = initTRPC.context<AgentContext>().create({
  // Where in the program something went wrong is nothing for who asks.
  isDev: false,
  sse: { ping: { enabled: true, intervalMs: 2000 }, client: { reconnectAfterInactivityMs: 5000 } },
})

const GUEST_NAMES = LAB_GUESTS.map(({ name }) => name)

/** What the server may ask of an agent. Filters and bindings come in, never commands or rules. */
export const agentRouter = t.router({
  host: t.router({
    state: t.procedure.query(({ ctx }) => ctx.host.settled()),
    install: t.procedure.input(desiredStateInput).mutation(({ ctx, input }) => ctx.host.install(input)),
    observe: t.procedure
      .input(observeInput)
      .mutation(({ ctx, input }) => ctx.host.observe(input.portDevice, input.isObserved)),
    confirm: t.procedure.input(windowInput).mutation(({ ctx, input }) => ctx.host.confirm(input)),
    extend: t.procedure.input(extendInput).mutation(({ ctx, input }) => ctx.host.extend(input)),
    rollBack: t.procedure.input(windowInput).mutation(({ ctx, input }) => ctx.host.rollBack(input)),
    heal: t.procedure.mutation(({ ctx }) => ctx.host.heal()),
    setHealing: t.procedure.input(healPolicy).mutation(({ ctx, input }) => ctx.host.setHealing(input)),
    pauseHealing: t.procedure.input(pauseInput).mutation(({ ctx, input }) => ctx.host.pauseHealing(input)),
    preflight: t.procedure.query(({ ctx }) =>
      preflight({ enter: ctx.lab === undefined ? [] : enterHost(ctx.lab), portDevices: ctx.host.state().portDevices }),
    ),
    watch: t.procedure.input(z.object({ lastEventId: z.string().nullish() }).optional()).subscription(async function* ({
      ctx,
      signal,
    }) {
      // Each report is told as what is new in it.
      const write = deltaWriter()
      // Only the newest report matters: a slow reader skips, and never makes a queue.
      let newest: HostState | undefined = ctx.host.state()
      let wake: () => void = () => undefined
      const leave = ctx.host.subscribe((state) => {
        newest = state
        wake()
      })
      signal?.addEventListener('abort', () => wake())
      try {
        while (!signal?.aborted) {
          if (newest === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
            continue
          }
          const told = newest
          newest = undefined
          yield tracked(String(told.sequence), write(told))
        }
      } finally {
        leave()
      }
    }),
  }),
  lab: t.router({
    send: t.procedure.input(labSendInput).mutation(async ({ ctx, input }) => {
      const lab = requireLab(ctx)
      if (!GUEST_NAMES.includes(input.from)) throw noPlace(input.from, GUEST_NAMES)
      const [arrived = []] = await sendFrames(lab, [input])
      return { arrived: [...arrived] }
    }),
    exec: t.procedure.input(labExecInput).mutation(async ({ ctx, input }) => {
      const result = await execInLab(requireLab(ctx), input.in, input.command)
      if (result !== undefined) return result
      throw noPlace(input.in, ['host', ...GUEST_NAMES])
    }),
  }),
})

export type AgentRouter = typeof agentRouter

function noPlace(name: string, places: readonly string[]): TRPCError {
  return new TRPCError({ code: 'BAD_REQUEST', message: `the lab has no ${name}; it has ${places.join(', ')}` })
}

function requireLab({ lab }: AgentContext): Lab {
  if (lab === undefined)
    throw new TRPCError({ code: 'PRECONDITION_FAILED', message: 'this agent runs no lab: start it with --mode lab' })
  return lab
}
