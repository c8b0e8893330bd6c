import { run } from '../exec/run.ts'

const SWITCHES = { ip: 'bridge-nf-call-iptables', ip6: 'bridge-nf-call-ip6tables' } as const

/**
 * Lets bridged packets of these IP versions pass the hooks of IP, where their connections are tracked and rejects are answered.
 * Undefined when that is so, else why it cannot be. What no rule needs is left as it is.
 */
export async function enableBridgeNetfilter(
  versions: readonly (keyof typeof SWITCHES)[],
  enter: readonly string[],
): Promise<string | undefined> {
  if (versions.length === 0) return undefined
  // In a container the module may be there and modprobe not: what counts is whether the switch takes.
  await run(['modprobe', 'br_netfilter'], { enter })
  for (const version of versions) {
    const { status, stderr } = await run(['tee', `/proc/sys/net/bridge/${SWITCHES[version]}`], { enter, input: '1\n' })
    if (status !== 0) return `rules with states, rejects or limits of connections need br_netfilter: ${stderr.trim()}`
  }
  return undefined
}
