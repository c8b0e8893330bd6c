import { run } from '../../agent/exec/run.ts'
import { enterGuest, enterHost, LAB_GUESTS, type Lab } from '../../agent/lab/lab.ts'

/** Takes IPv6 from everybody in a lab, so that nobody asks for routers or tells of groups while counters are compared. */
export async function silenceIpv6(lab: Lab): Promise<void> {
  for (const enter of [enterHost(lab), ...LAB_GUESTS.map(({ name }) => enterGuest(lab, name))]) {
    const { status, stderr } = await run(['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1'], { enter })
    if (status !== 0) throw new Error(stderr)
  }
}
