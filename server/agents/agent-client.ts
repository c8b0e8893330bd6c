import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { Agent, EventSource, fetch as fetchThrough } from 'undici'
import type { AgentRouter } from '../../agent/link/router.ts'

type AgentFetch = NonNullable<Parameters<typeof httpLink>[0]['fetch']>

/** A client of the agent that listens on a Unix socket. Calls fail with `fetch failed` when nobody listens. */
export function agentClient(socketPath: string) {
  const dispatcher = new Agent({ connect: { socketPath } })
  // undici's own fetch and EventSource differ from the DOM's types in optional members only.
  const fetch = ((url: string, init?: object) => fetchThrough(url, { ...init, dispatcher })) as unknown as AgentFetch
  return createTRPCClient<AgentRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({
          url: 'http://agent',
          EventSource: EventSource as unknown as typeof globalThis.EventSource,
          eventSourceOptions: () => ({ dispatcher }) as object,
        }),
        false: httpLink({ url: 'http://agent', fetch }),
      }),
    ],
  })
}
