import type { Socket } from 'node:net'
import { join } from 'node:path'
import { spawnProgram } from './spawn-program.ts'

/** Who is at the other end of a connection, as the kernel says. */
export type Peer = { readonly pid: number; readonly uid: number; readonly groups: readonly number[] }

const PROGRAM = join(import.meta.dirname, 'peer.pl')
const PATIENCE_MS = 5000

/** Asks the kernel who connected. Undefined where it does not tell, or the connection is gone. Node has no call of its own for this. */
export function peerOf(connection: Socket): Promise<Peer | undefined> {
  return new Promise((resolve) => {
    // As file 3 and not as input, because what becomes the input of a program loses its non-blocking mode.
    const child = spawnProgram(['perl', PROGRAM], ['ignore', 'pipe', 'ignore', connection])
    let said = ''
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    child.once('error', () => resolve(undefined))
    child.once('close', () => {
      clearTimeout(late)
      const [pid, uid, ...groups] = /^\d+( \d+){2,}\n$/.test(said) ? said.trim().split(' ').map(Number) : []
      resolve(pid === undefined || uid === undefined ? undefined : { pid, uid, groups })
    })
  })
}
