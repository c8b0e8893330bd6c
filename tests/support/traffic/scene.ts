import type { Binding } from '#engine'
import { LAB_GUESTS } from '../../../agent/lab/lab.ts'
import { LAB_HOST } from '../quiet-lab.ts'
import type { Random } from '../random.ts'
import { type Bytes, ipBytes, macBytes } from './bytes.ts'
import type { Aim } from './read-aims.ts'

/** Somebody who sends and gets frames; addresses of each version, at least one. The host has a way to the first address of each. */
export type Party = {
  readonly from: string
  readonly mac: Bytes
  readonly ipv4: readonly Bytes[]
  readonly ipv6: readonly Bytes[]
}

/** Who sends, and to whom. */
export type Way = { readonly sender: Party; readonly receiver: Party; readonly fromGuest: boolean }

/** Who there is, and which values matter to the filter. */
export type Scene = {
  readonly guest: Party
  readonly outside: Party
  readonly neighbour: Party
  readonly host: Party
  readonly macs: readonly Bytes[]
  readonly ipv4: readonly Bytes[]
  readonly ipv6: readonly Bytes[]
  readonly ports: readonly number[]
  readonly protocols: readonly number[]
  readonly etherTypes: readonly number[]
  /** A port that no other exchange has had. */
  readonly nextPort: () => number
}

const addresses = (...texts: readonly string[]) => texts.map(ipBytes).filter((address) => address !== undefined)

const USUAL = {
  macs: ['ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:fb', '33:33:00:00:00:01', '01:80:c2:00:00:00', '52:54:00:00:00:99'],
  ipv4: ['0.0.0.0', '255.255.255.255', '224.0.0.1', '224.0.0.251', '192.0.2.255', '192.0.2.99', '127.0.0.1'],
  ipv6: ['::', '::1', 'fe80::1', 'ff02::1', 'ff02::2', 'ff02::1:2', 'ff02::1:ff00:10', '2001:db8::99'],
  ports: [0, 22, 53, 67, 68, 80, 443, 546, 547, 1023, 1024, 65535],
  protocols: [1, 2, 4, 6, 17, 33, 47, 50, 51, 58, 89, 132, 136, 253],
  etherTypes: [0x0835, 0x0600, 0x88cc, 0x9000, 0x86dc, 0xffff],
} as const

/** The guest of a binding among those who live in the lab, and the values of its rules beside the usual ones. */
export function sceneOf(random: Random, binding: Binding, aims: readonly Aim[]): Scene {
  const lab = (wanted: string) => LAB_GUESTS.find(({ name }) => name === wanted) ?? LAB_GUESTS[0]
  const party = (name: string): Party => {
    const found = lab(name)
    const [mac, ipv4, ipv6] = [found?.mac ?? '', found?.ipv4 ?? '', found?.ipv6 ?? '']
    return { from: name, mac: macBytes(mac), ipv4: addresses(ipv4), ipv6: addresses(ipv6) }
  }
  const own = [...binding.parameters.values()].flat().flatMap((text) => addresses(text))
  const found = aims.flatMap((aim) => [...aim.addresses.values()])
  const numbers = (pattern: RegExp, most: number) =>
    aims.flatMap((aim) => [...aim.numbers].flatMap(([name, n]) => (pattern.test(name) && n <= most ? [n] : [])))
  const guest = party(binding.portDevice)
  let lastPort = 20_000 + random.below(20_000)
  return {
    guest: {
      from: binding.portDevice,
      mac: macBytes(binding.mac),
      ipv4: [...guest.ipv4, ...own.filter(isIpv4)],
      ipv6: [...guest.ipv6, ...own.filter((address) => !isIpv4(address))],
    },
    outside: party('outside'),
    neighbour: party('vnet1'),
    host: {
      from: 'host',
      mac: macBytes(LAB_HOST.mac),
      ipv4: addresses(LAB_HOST.ipv4),
      ipv6: addresses(LAB_HOST.ipv6),
    },
    macs: [...USUAL.macs.map(macBytes), ...found.filter(({ length }) => length === 6)],
    ipv4: [...addresses(...USUAL.ipv4), ...found.filter(isIpv4)],
    ipv6: [...addresses(...USUAL.ipv6), ...found.filter(({ length }) => length === 16)],
    ports: [...USUAL.ports, ...numbers(/port(start|end)$/, 0xffff)],
    protocols: [...USUAL.protocols, ...numbers(/^protocol$/, 0xff)],
    etherTypes: [...USUAL.etherTypes, ...numbers(/^(protocolid|encap-protocol)$/, 0xffff)],
    nextPort: () => {
      lastPort = lastPort >= 60_000 ? 20_000 : lastPort + 1
      return lastPort
    },
  }
}

function isIpv4({ length }: Bytes): boolean {
  return length === 4
}
