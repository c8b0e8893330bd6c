import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createSocketServer, type Socket } from 'node:net'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { type Peer, peerOf } from '../exec/peer-of.ts'
import { log } from '../log.ts'
import { type AgentContext, agentRouter } from './router.ts'
import { type Rate, tokenBucket } from './token-bucket.ts'

export type ListenOptions = { readonly rate?: Rate }

/** A whole host of ten thousand NICs is a few megabytes. */
const MOST_BYTES = 16_000_000
const MOST_CONNECTIONS = 64
/** A console asks a few times a second. */
const RATE: Rate = { burst: 1000, perSecond: 500 }
const HEADERS_WITHIN_MS = 5000
const REQUEST_WITHIN_MS = 30_000
const LATE_EVERY_MS = 1000

/**
 * Serves the agent's router on a Unix socket of mode 0660, to root, the user it runs as, and members of its group: the kernel says who
 * connects. Messages have a most in size and in number. The result ends it and removes the socket.
 */
export async function listen(
  socket: string,
  context: AgentContext,
  { rate = RATE }: ListenOptions = {},
): Promise<() => Promise<void>> {
  // A socket that a killed agent left behind would refuse everybody.
  rmSync(socket, { force: true })
  const http = httpServer(context, rate)
  const open = new Set<Socket>()
  const server = createSocketServer({ pauseOnConnect: true }, (connection) => {
    if (open.size >= MOST_CONNECTIONS) return void connection.destroy()
    open.add(connection)
    connection.on('close', () => open.delete(connection))
    connection.on('error', () => connection.destroy())
    void admit(connection, http)
  })
  const before = process.umask(0o117)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socket, resolve)
    })
  } finally {
    process.umask(before)
  }
  chmodSync(socket, 0o660)
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const connection of open) connection.destroy()
    await closed
    http.close()
    rmSync(socket, { force: true })
  }
}

async function admit(connection: Socket, http: Server): Promise<void> {
  const peer = await peerOf(connection)
  if (connection.destroyed) return
  if (peer === undefined || !isAllowed(peer)) {
    log('warning', 'refused-connection', {
      text: peer ? 'Its user may not ask the agent.' : 'Nobody knows who it is.',
      ...(peer && { uid: String(peer.uid), pid: String(peer.pid) }),
    })
    connection.destroy()
    return
  }
  http.emit('connection', connection)
  connection.resume()
}

/** Everybody may be in the group of root for some reason: it lets nobody in. */
function isAllowed({ uid, groups }: Peer): boolean {
  const group = process.getgid?.() ?? 0
  return uid === 0 || uid === process.getuid?.() || (group !== 0 && groups.includes(group))
}

function httpServer(context: AgentContext, rate: Rate): Server {
  const answer = createHTTPHandler({
    router: agentRouter,
    createContext: () => context,
    maxBodySize: MOST_BYTES,
    allowBatching: false,
  })
  const mayCome = tokenBucket(rate)
  const times = {
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionsCheckingInterval: LATE_EVERY_MS,
  }
  const server = createServer({ ...times, maxHeaderSize: 16_384 }, (request, response) => {
    const isAsked = request.method === 'GET' || request.method === 'POST'
    if (mayCome(performance.now()) && isAsked) return answer(request, response)
    if (isAsked) response.writeHead(429, { 'retry-after': '1' }).end()
    else response.writeHead(405, { allow: 'GET, POST' }).end()
    // What is not read would keep the connection busy.
    request.resume()
  })
  // It is given its connections and listens nowhere itself: without this it would never end those of slow senders.
  server.emit('listening')
  return server
}
