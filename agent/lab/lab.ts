/** A running lab. Everything in it lives as long as the process `pid`, and vanishes with it. */
export type Lab = {
  readonly pid: number
  /** The holder's start time in clock ticks since boot: tells it from another process with the same pid. */
  readonly startTime: string
  /** Made by an ordinary user, in a user namespace. */
  readonly rootless: boolean
}

/** A guest or the outside: its port on the bridge is called like its namespace, its own device is eth0. */
export type LabGuest = { readonly name: string; readonly mac: string; readonly ipv4: string; readonly ipv6: string }

/** Who lives in the lab; the addresses are pinned, the seeded bindings know them. */
export const LAB_GUESTS: readonly LabGuest[] = [
  ...[0, 1, 2].map((n) => ({
    name: `vnet${n}`,
    mac: `52:54:00:00:00:1${n}`,
    ipv4: `192.0.2.1${n}`,
    ipv6: `2001:db8::1${n}`,
  })),
  { name: 'outside', mac: '52:54:00:00:00:01', ipv4: '192.0.2.1', ipv6: '2001:db8::1' },
]

/** Arguments that lead into the lab's host namespace. */
export function enterHost({ pid, rootless }: Lab): readonly string[] {
  const user = rootless ? ['--user', '--preserve-credentials'] : []
  return ['nsenter', `--target=${pid}`, ...user, '--mount', '--net', '--']
}

/** Arguments that lead into the namespace of a guest, or of the outside. */
export function enterGuest(lab: Lab, name: string): readonly string[] {
  return [...enterHost(lab), 'nsenter', `--net=/run/netns/${name}`, '--']
}

/** Arguments that lead to a place by its name: `host`, a port device, or `outside`; undefined for any other name. */
export function enterPlace(lab: Lab, name: string): readonly string[] | undefined {
  if (name === 'host') return enterHost(lab)
  return LAB_GUESTS.some((guest) => guest.name === name) ? enterGuest(lab, name) : undefined
}
