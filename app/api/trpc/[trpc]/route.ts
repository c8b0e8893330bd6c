import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { appRouter } from '../../../../server/api/app-router.ts'
import { isSignedIn } from '../../../../server/auth/session-of.ts'

export const dynamic = 'force-dynamic'

function handle(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: async () => ({ signedIn: await isSignedIn(request.headers) }),
  })
}

export { handle as GET, handle as POST }
