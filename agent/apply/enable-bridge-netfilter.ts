import { run } from '../exec/run.ts'

/**
 * Lets bridged IP packets pass the inet hooks, where their connections are tracked and rejects are answered. Undefined when that
 * is so, else why it cannot be.
 */
export async function enableBridgeNetfilter(enter: readonly string[]): Promise<string | undefined> {
  // Inside of a container the module may be there and modprobe not: what counts is whether the switch takes.
  await run(['modprobe', 'br_netfilter'], { enter })
  for (const tool of ['iptables', 'ip6tables']) {
    const file = `/proc/sys/net/bridge/bridge-nf-call-${tool}`
    const { status, stderr } = await run(['tee', file], { enter, input: '1\n' })
    if (status !== 0) return `rules with states or rejects need br_netfilter: ${stderr.trim()}`
  }
  return undefined
}
