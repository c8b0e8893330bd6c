import { LEAST_CAPABILITIES } from '#engine'
import { judgeBridgeNetfilter, readBridgeNetfilter } from './bridge-netfilter.ts'
import { connectionTracking } from './connection-tracking.ts'
import { type Finding, fine } from './finding.ts'
import { judgeChains } from './judge-chains.ts'
import type { NicToCheck } from './judge-nic.ts'
import { lookAtNics } from './look-at-nics.ts'
import { judgePrograms, nftablesService } from './other-firewalls.ts'
import { probeTools } from './probe-tools.ts'
import { readChains } from './read-chains.ts'
import { toolVersions } from './tool-versions.ts'

export type PreflightOptions = {
  /**
   * Arguments that lead into the namespace that is looked at. Without, it is the one of this process, and what the kernel can do is tried
   * in namespaces of their own, a lab among it.
   */
  readonly enter?: readonly string[]
  readonly portDevices?: readonly NicToCheck[]
}

/** What this kernel, these tools and these NICs can do, and who else judges frames. Looks, and changes nothing. */
export async function preflight({ enter, portDevices = [] }: PreflightOptions = {}): Promise<readonly Finding[]> {
  const where = enter ?? []
  const [tools, probes, switches, tracking, chains, service, nics] = await Promise.all([
    toolVersions(where),
    probeTools(enter),
    readBridgeNetfilter(where),
    connectionTracking(where),
    readChains(where),
    // Services are the host's own: a namespace has none.
    where.length === 0 ? nftablesService() : [],
    lookAtNics(where, portDevices),
  ])
  return [
    ...tools,
    ...probes,
    ...judgeBridgeNetfilter(switches),
    tracking,
    markBits(),
    ...judgeChains(chains, switches),
    ...judgePrograms(chains ?? []),
    ...service,
    ...nics,
  ]
}

/** Other programs that mark packets have to know which bits are taken. */
function markBits(): Finding {
  const mask = LEAST_CAPABILITIES.markMask.toString(16).padStart(8, '0')
  const detail = `0x${mask} is ours where rules have states, reject or count connections; other bits are never changed`
  return fine('bits of the mark', detail)
}
