import { LEAST_CAPABILITIES, type NftCapabilities } from '#engine'
import { run } from '../exec/run.ts'
import type { Severity } from './finding.ts'

/** One thing that nftables may be able to do on a kernel, and what follows where it cannot. */
export type NftProbe = {
  readonly name: string
  readonly script: string
  readonly severity: Exclude<Severity, 'ok'>
  readonly lack: string
  readonly remedy: string
}

const inChain = (rule: string) => `table bridge probe {
  chain forward {
    type filter hook forward priority 0
    ${rule}
  }
}
`
const CONNTRACK: NftProbe = {
  name: 'bridge connection tracking',
  script: inChain('ct state new accept'),
  severity: 'note',
  lack: 'states of bridged connections come by way of br_netfilter, in bits of the mark',
  remedy: 'load the module nf_conntrack_bridge (Debian: linux-image, not linux-image-cloud)',
}

/** What the nftables backend asks of a kernel and of nft. */
export const NFT_PROBES: readonly NftProbe[] = [
  CONNTRACK,
  {
    name: 'bridge reject',
    script: inChain('reject').replaceAll('forward', 'input'),
    severity: 'note',
    lack: 'rejects are answered by the hooks of IP, by way of br_netfilter',
    remedy: 'load the module nft_reject_bridge; nothing is lost without it',
  },
  {
    name: 'bridge meta',
    script: inChain('meta ibrname "br0" accept'),
    severity: 'note',
    lack: 'rules cannot ask for the bridge; none of ours does',
    remedy: 'load the module nft_meta_bridge; nothing is lost without it',
  },
  {
    name: 'sets with ranges in keys of several fields',
    script:
      'table bridge probe {\n  set s {\n    type ifname . inet_service\n    flags interval\n    elements = { "a" . 1-2 }\n  }\n}\n',
    severity: 'warning',
    lack: 'filters with ranges or masks in variables cannot be loaded',
    remedy: 'a kernel of 5.6 or later, and nft 0.9.4 or later',
  },
  {
    name: 'sets with raw fields',
    script: 'table bridge probe {\n  set s {\n    typeof iifname . @nh,64,48\n  }\n}\n',
    severity: 'error',
    lack: 'rules about RARP cannot be loaded, and clean-traffic has some',
    remedy: 'nft 1.0.6 or later (Debian 12)',
  },
  {
    name: 'VLAN tags in bridge rules',
    script: inChain('vlan id 5 accept'),
    severity: 'warning',
    lack: 'rules about VLAN tags cannot be loaded',
    remedy: 'apt-get install nftables',
  },
  {
    name: 'marks in bridge rules',
    script: inChain('meta mark set meta mark & 0x0000ffff | 0x00010000'),
    severity: 'error',
    lack: 'states and rejects of bridged packets cannot be carried',
    remedy: 'load the module nf_tables',
  },
]

/** Whether nft and the kernel take a script, in the namespace that `enter` leads to; nothing of it stays. */
export async function takes(script: string, enter: readonly string[]): Promise<boolean> {
  return (await run(['nft', '--check', '-f', '-'], { enter, input: script, timeoutMs: 5000 })).status === 0
}

/** What the rules of this host are compiled for. Only what works is used. */
export async function probeCapabilities(enter: readonly string[], markMask: number): Promise<NftCapabilities> {
  return { ...LEAST_CAPABILITIES, markMask, bridgeConntrack: await takes(CONNTRACK.script, enter) }
}
