'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { type ReactNode, useState } from 'react'
import type { AppRouter } from '../../server/api/app-router.ts'
import type { HostView } from '../../server/api/host-view.ts'
import { HostProvider } from './host-context.tsx'
import { TRPCProvider } from './trpc.ts'

const URL = '/api/trpc'

/** The API client, its cache, and the one live subscription of this tab. */
export function Providers({ initialHost, children }: { initialHost: HostView; children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 5000, retry: 1 } } }))
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: ({ type }) => type === 'subscription',
          true: httpSubscriptionLink({ url: URL }),
          false: httpBatchLink({ url: URL }),
        }),
      ],
    }),
  )
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <HostProvider initial={initialHost}>{children}</HostProvider>
      </TRPCProvider>
    </QueryClientProvider>
  )
}
