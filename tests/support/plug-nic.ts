import { run } from '../../agent/exec/run.ts'
import { enterGuest, enterHost, type Lab } from '../../agent/lab/lab.ts'

/** The namespace in which the far ends of NICs live that are made while a test runs. */
export const GUESTS = 'guests'

/** Makes that namespace. Nobody in it says anything by itself. */
export async function makeGuests(lab: Lab): Promise<void> {
  const enter = enterHost(lab)
  await must(['touch', `/run/netns/${GUESTS}`], enter)
  await must(['unshare', `--net=/run/netns/${GUESTS}`, '--', 'true'], enter)
  await must(['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1'], enterGuest(lab, GUESTS))
}

/** Makes a NIC that is up on both ends and not yet a port of the bridge. Its far end, in GUESTS, has the same name. */
export async function makeNic(lab: Lab, name: string): Promise<void> {
  await must(['ip', 'link', 'add', name, 'up', 'type', 'veth', 'peer', 'name', name, 'netns', GUESTS], enterHost(lab))
  await must(['ip', 'link', 'set', name, 'up'], enterGuest(lab, GUESTS))
}

/** Makes the NIC a port of the bridge: from now on frames pass, if they may. */
export async function plugIn(lab: Lab, name: string): Promise<void> {
  await must(['ip', 'link', 'set', name, 'master', 'br0'], enterHost(lab))
}

/** Takes the NIC away, with both its ends. */
export async function unplug(lab: Lab, name: string): Promise<void> {
  await must(['ip', 'link', 'delete', name], enterHost(lab))
}

async function must(command: readonly string[], enter: readonly string[]): Promise<void> {
  const { status, stderr } = await run(command, { enter })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr.trim()}`)
}
