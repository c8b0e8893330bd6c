import { openHost } from '../../agent/host/host.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { listen } from '../../agent/link/listen.ts'

/**
 * A host in a lab that listens as an agent does, and takes as many requests as there are: `node fuzz-agent.ts SOCKET STATE-FOLDER`.
 * Tells its lab on a line of JSON when it is ready, and ends with its input. SIGUSR2 makes it give back memory that it does not need,
 * with `node --expose-gc`, so that what it then has is what it keeps.
 */
export type FuzzReady = { readonly lab: Lab }

const NO_LIMIT = { burst: 1e9, perSecond: 1e9 }

const [, , socket = '', stateDir = ''] = process.argv
const lab = await createLab()
const host = openHost({ mode: 'lab', rootless: lab.rootless, stateDir, enter: enterHost(lab) })
await host.look()
await host.watch('this start')
const close = await listen(socket, { host, lab }, { rate: NO_LIMIT })
process.on('SIGUSR2', () => globalThis.gc?.())
const ready: FuzzReady = { lab }
console.log(JSON.stringify(ready))
await new Promise((resolve) => process.stdin.resume().once('end', resolve))
await close()
host.close()
removeLab(lab)
