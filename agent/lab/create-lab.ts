import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../exec/run.ts'
import { startDetached } from '../exec/start-detached.ts'
import { enterGuest, enterHost, LAB_GUESTS, type Lab } from './lab.ts'
import { readProcess } from './read-process.ts'
import { removeLab } from './remove-lab.ts'

/** The kernel or the system refuses what a lab needs; `message` says what. */
export class LabRefused extends Error {}

/**
 * Makes the lab: bridge br0, three guests behind vnet0 to vnet2, and the outside, in namespaces that nobody else sees. As an
 * ordinary user in a user namespace. Throws LabRefused where even that is not allowed.
 */
export async function createLab(): Promise<Lab> {
  const lab = await startHolder()
  try {
    await prepareHost(lab)
    await Promise.all(LAB_GUESTS.map((guest) => prepareGuest(lab, guest)))
    return lab
  } catch (error) {
    removeLab(lab)
    throw error
  }
}

async function startHolder(): Promise<Lab> {
  const isRoot = process.getuid?.() === 0
  for (const rootless of isRoot ? [false, true] : [true]) {
    const pid = await startDetached([
      'unshare',
      rootless ? '--user' : '--net',
      ...(rootless ? ['--map-root-user', '--net'] : []),
      '--mount',
      '--',
      'sleep',
      'infinity',
    ])
    if (pid !== undefined && (await isSleeping(pid)))
      return { pid, startTime: readProcess(pid)?.startTime ?? '', rootless }
  }
  throw new LabRefused(
    'this system gives no network namespace, neither to this user nor in a user namespace (unshare -Urnm)',
  )
}

/** unshare becomes sleep when its namespaces exist; it is gone when they were refused. */
async function isSleeping(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 400; tries += 1) {
    const name = commandOf(pid)
    if (name === 'sleep') return true
    if (name === undefined && tries > 2) return false
    await sleep(5)
  }
  return false
}

function commandOf(pid: number): string | undefined {
  const status = readProcess(pid)
  return status === undefined || status.state === 'Z' ? undefined : status.command
}

async function prepareHost(lab: Lab): Promise<void> {
  const enter = enterHost(lab)
  await must(['mount', '-t', 'tmpfs', 'tmpfs', '/run'], enter)
  await must(['mkdir', '/run/netns', '/run/lock'], enter)
  await must(['touch', ...LAB_GUESTS.map(({ name }) => `/run/netns/${name}`)], enter)
  for (const { name } of LAB_GUESTS) await must(['unshare', `--net=/run/netns/${name}`, '--', 'true'], enter)
  const links = LAB_GUESTS.flatMap(({ name, mac }) => [
    `link add ${name} type veth peer name eth0 address ${mac} netns ${name}`,
    `link set ${name} master br0 up`,
  ])
  const batch = [
    'link set lo up',
    'link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0',
    'link set br0 up',
    ...links,
  ]
  await must(['ip', '-batch', '-'], enter, `${batch.join('\n')}\n`)
}

async function prepareGuest(lab: Lab, { name, ipv4, ipv6 }: (typeof LAB_GUESTS)[number]): Promise<void> {
  const batch = [
    'link set lo up',
    'link set eth0 up',
    `address add ${ipv4}/24 dev eth0`,
    `address add ${ipv6}/64 dev eth0 nodad`,
  ]
  await must(['ip', '-batch', '-'], enterGuest(lab, name), `${batch.join('\n')}\n`)
}

async function must(command: readonly string[], enter: readonly string[], input?: string): Promise<void> {
  const result = await run(command, { enter, ...(input === undefined ? {} : { input }) })
  if (result.status !== 0) throw new LabRefused(`${command.join(' ')}: ${result.stderr.trim()}`)
}
