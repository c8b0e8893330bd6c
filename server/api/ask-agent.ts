import { TRPCError } from '@trpc/server'
import { agent, agentReport } from '../agents/watch-agent.ts'

/** Asks the agent for something. `undone` says what did not happen where nobody answers. */
export async function askAgent<Answer>(
  undone: string,
  ask: (client: ReturnType<typeof agent>) => Promise<Answer>,
): Promise<Answer> {
  if (agentReport().status !== 'connected')
    throw new TRPCError({ code: 'PRECONDITION_FAILED', message: `No agent answers, so ${undone}.` })
  try {
    return await ask(agent())
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw new TRPCError({
      code: 'BAD_GATEWAY',
      message: `The agent was asked and did not answer to the end (${words}): look at what the host has now.`,
      cause,
    })
  }
}
