import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { type AgentContext, agentRouter } from './router.ts'

/** Serves the agent's router on a Unix socket of mode 0660; the result ends it and removes the socket. */
export async function listen(socket: string, context: AgentContext): Promise<() => Promise<void>> {
  // A socket that a killed agent left behind would refuse everybody.
  rmSync(socket, { force: true })
  const server = createServer(createHTTPHandler({ router: agentRouter, createContext: () => context }))
  const before = process.umask(0o117)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, resolve)
  })
  process.umask(before)
  chmodSync(socket, 0o660)
  return async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    rmSync(socket, { force: true })
  }
}
