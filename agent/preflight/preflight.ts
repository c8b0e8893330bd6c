import { readFileSync } from 'node:fs'
import { LEAST_CAPABILITIES } from '#engine'
import { run } from '../exec/run.ts'
import { NFT_PROBES, takes } from './nft-probes.ts'

/** One thing a host needs. `detail` says what was found or what follows from its lack, `remedy` what to do (empty when ok). */
export type Finding = { readonly name: string; readonly ok: boolean; readonly detail: string; readonly remedy: string }

type Probe = {
  readonly name: string
  readonly command: readonly string[]
  readonly lack: string
  readonly remedy: string
}

const inNamespace = (...command: readonly string[]) => [
  'unshare',
  ...(process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net']),
  '--',
  ...command,
]

const PROBES: readonly Probe[] = [
  {
    name: 'network namespaces',
    command: inNamespace('true'),
    lack: 'no lab can be made; the console runs without an agent',
    remedy: 'run as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)',
  },
  {
    name: 'bridge',
    command: inNamespace('ip', 'link', 'add', 'probe', 'type', 'bridge'),
    lack: 'no lab can be made',
    remedy: 'apt-get install iproute2; load the module bridge',
  },
  {
    name: 'veth',
    command: inNamespace('ip', 'link', 'add', 'probe', 'type', 'veth'),
    lack: 'no lab can be made',
    remedy: 'load the module veth',
  },
  {
    name: 'nft',
    command: ['nft', '--version'],
    lack: 'the nftables backend cannot be used',
    remedy: 'apt-get install nftables',
  },
  {
    name: 'nf_tables bridge family',
    command: inNamespace('nft', 'add table bridge probe'),
    lack: 'no rule can be loaded',
    remedy: 'load the module nf_tables',
  },
  {
    name: 'ebtables',
    command: inNamespace('ebtables', '-t', 'nat', '-L'),
    lack: 'Ethernet-layer rules cannot be loaded',
    remedy: 'apt-get install ebtables',
  },
  {
    name: 'ebtables-restore',
    command: inNamespace('ebtables-restore', '--noflush'),
    lack: 'Ethernet-layer rules cannot be loaded in one transaction',
    remedy: 'apt-get install ebtables',
  },
  {
    name: 'iptables',
    command: inNamespace('iptables', '-w', '-S'),
    lack: 'IPv4-layer rules cannot be loaded',
    remedy: 'apt-get install iptables',
  },
  {
    name: 'ip6tables',
    command: inNamespace('ip6tables', '-w', '-S'),
    lack: 'IPv6-layer rules cannot be loaded',
    remedy: 'apt-get install iptables',
  },
]

/** Asks the kernel and the tools what they can do, each in a namespace of its own: nothing of the host is touched. */
export async function preflight(): Promise<readonly Finding[]> {
  const probed = await Promise.all(
    PROBES.map(async ({ name, command, lack, remedy }) => {
      const { status, stdout } = await run(command, { timeoutMs: 5000 })
      const version = /v?\d+\.\d+[\w.]*(?: \([\w_]+\))?/.exec(command.includes('--version') ? stdout : '')?.[0]
      return status === 0
        ? { name, ok: true, detail: version ?? 'works', remedy: '' }
        : { name, ok: false, detail: lack, remedy }
    }),
  )
  const nft = await Promise.all(
    NFT_PROBES.map(async ({ name, script, lack, remedy }) =>
      (await takes(script, inNamespace()))
        ? { name, ok: true, detail: 'works', remedy: '' }
        : { name, ok: false, detail: lack, remedy },
    ),
  )
  return [...probed, ...nft, bridgeNetfilter(), markBits()]
}

/** Other programs that mark packets have to know which bits are taken. */
function markBits(): Finding {
  const mask = LEAST_CAPABILITIES.markMask.toString(16).padStart(8, '0')
  const detail = `0x${mask} is ours where rules have states, reject or count connections; other bits are never changed`
  return { name: 'bits of the mark', ok: true, detail, remedy: '' }
}

function bridgeNetfilter(): Finding {
  const name = 'br_netfilter'
  try {
    const on = readFileSync('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').trim() === '1'
    return on
      ? { name, ok: true, detail: 'bridged IPv4 packets pass iptables', remedy: '' }
      : {
          name,
          ok: false,
          detail: 'IP-layer rules have no effect on bridged packets',
          remedy: 'sysctl net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1',
        }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return {
      name,
      ok: false,
      detail: 'IP-layer rules have no effect on bridged packets',
      remedy: 'modprobe br_netfilter',
    }
  }
}
