import { run } from '../exec/run.ts'
import { type Finding, fine, lack, type Severity } from './finding.ts'
import { inNamespace } from './in-namespace.ts'
import { NFT_PROBES, takes } from './nft-probes.ts'

type Probe = {
  readonly name: string
  readonly command: readonly string[]
  readonly severity: Exclude<Severity, 'ok'>
  readonly lack: string
  readonly remedy: string
}

/** These change the namespace that they are in: it is always one of their own. */
const OWN_PROBES: readonly Probe[] = [
  {
    name: 'network namespaces',
    command: ['true'],
    severity: 'note',
    lack: 'no lab can be made; the console runs without an agent',
    remedy: 'run as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)',
  },
  {
    name: 'bridge',
    command: ['ip', 'link', 'add', 'probe', 'type', 'bridge'],
    severity: 'note',
    lack: 'no lab can be made',
    remedy: 'apt-get install iproute2; modprobe bridge',
  },
  {
    name: 'veth',
    command: ['ip', 'link', 'add', 'probe', 'type', 'veth'],
    severity: 'note',
    lack: 'no lab can be made',
    remedy: 'modprobe veth',
  },
  ...(
    [
      ['ebtables rules', ['ebtables', '-t', 'nat', '-N', 'probe'], 'Ethernet-layer'],
      ['iptables rules', ['iptables', '-w', '-N', 'probe'], 'IPv4-layer'],
      ['ip6tables rules', ['ip6tables', '-w', '-N', 'probe'], 'IPv6-layer'],
    ] as const
  ).map(([name, command, layer]) => ({
    name,
    command,
    severity: 'warning' as const,
    lack: `${layer} rules of the backend ebiptables cannot be loaded`,
    remedy: 'apt-get install ebtables iptables; modprobe nft_compat',
  })),
]

const TOOL_PROBES: readonly Probe[] = [
  {
    name: 'nf_tables bridge family',
    command: ['nft', '--check', 'add table bridge probe'],
    severity: 'error',
    lack: 'no rule can be loaded',
    remedy: 'modprobe nf_tables',
  },
  {
    name: 'ebtables-restore',
    command: ['ebtables-restore', '--noflush'],
    severity: 'warning',
    lack: 'Ethernet-layer rules cannot be loaded in one transaction (backend ebiptables)',
    remedy: 'apt-get install ebtables',
  },
]

/**
 * Asks the kernel and the tools what they can do. Without `enter` in namespaces of their own, and whether a lab can be made there; with it
 * where it leads to, by `nft --check` alone: nothing is changed in either.
 */
export async function probeTools(enter: readonly string[] | undefined): Promise<readonly Finding[]> {
  const where = enter ?? inNamespace()
  const probes = enter === undefined ? [...OWN_PROBES, ...TOOL_PROBES] : TOOL_PROBES
  const probed = probes.map(async ({ name, command, severity, lack: what, remedy }) => {
    const { status } = await run(command, { enter: where, timeoutMs: 5000 })
    return status === 0 ? fine(name, 'works') : lack(name, severity, what, remedy)
  })
  const nft = NFT_PROBES.map(async ({ name, script, severity, lack: what, remedy }) =>
    (await takes(script, where)) ? fine(name, 'works') : lack(name, severity, what, remedy),
  )
  return Promise.all([...probed, ...nft])
}
