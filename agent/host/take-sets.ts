import { join } from 'node:path'
import { log } from '../log.ts'
import type { HostCore } from './host-core.ts'
import { installNft } from './install-nft.ts'
import { refuseInput } from './outcome.ts'
import { readSets } from './read-sets.ts'

/** The folder of sets, in the state directory. */
const SETS = 'sets'

/** Takes what the admin changed in the folder of sets, unless a NIC would lose a set that its filter names. */
export function setsTaker(core: HostCore): () => Promise<void> {
  /** The stamp of sets that could not be taken, so that this is told once. */
  let refused: string | undefined
  return async () => {
    const found = readSets(join(core.options.stateDir, SETS), core.sets)
    if (found === core.sets || found.stamp === refused) return
    const before = core.sets
    core.sets = found
    const { backend, applied } = core.state()
    const isUsed = backend === 'nftables' && Object.keys(applied).length > 0
    const nothing = { devices: [], clear: [], why: 'sets' } as const
    const outcome =
      found.errors.length > 0
        ? refuseInput(found.errors)
        : isUsed
          ? await installNft(core, nothing, { isStrict: true })
          : undefined
    if (outcome === undefined || outcome.ok) return
    core.sets = before
    refused = found.stamp
    log('error', 'sets', { text: `They stay as they were: ${outcome.raw}` })
  }
}
