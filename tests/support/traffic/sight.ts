import type { Random } from '../random.ts'
import { addTo, type Bytes } from './bytes.ts'
import type { Aim } from './read-aims.ts'

/**
 * One look along an aim: for each field of a frame a value near the rule's own, undefined where the rule says nothing about it.
 * `reversed` swaps source and destination.
 */
export type Sight = {
  readonly protocol: string | undefined
  /** `end` names the attribute that ends a range. */
  readonly number: (name: string, most: number, end?: string) => number | undefined
  readonly address: (name: string) => Bytes | undefined
  readonly flags: () => number | undefined
}

/** How often one attribute of the rule is missed on purpose; all others are hit. */
const MISS_ONE = 0.45

/** Nothing is aimed at. */
export const BLIND: Sight = {
  protocol: undefined,
  number: () => undefined,
  address: () => undefined,
  flags: () => undefined,
}

/** Takes aim at a rule: at all of it, or past one attribute. */
export function takeSight(random: Random, aim: Aim, reversed: boolean): Sight {
  const names = [...aim.numbers.keys(), ...aim.addresses.keys(), ...(aim.flags === undefined ? [] : ['flags'])]
  const missed = names.length > 0 && random.chance(MISS_ONE) ? random.pick(names) : undefined
  const named = (name: string) => (reversed ? swapEnds(name) : name)
  // What is negated is hit by another value.
  const isHit = (...wanted: readonly (string | undefined)[]) =>
    wanted.some((name) => name !== undefined && name === missed) ===
    wanted.some((name) => name !== undefined && aim.negated.has(name))
  return {
    protocol: aim.protocol,
    number: (wanted, most, wantedEnd) => {
      const name = named(wanted)
      const end = wantedEnd === undefined ? undefined : named(wantedEnd)
      const first = aim.numbers.get(name)
      if (first === undefined) return undefined
      const last = Math.max(first, (end === undefined ? undefined : aim.numbers.get(end)) ?? first)
      return isHit(name, end) ? within(random, first, Math.min(last, most)) : beside(random, first, last, most)
    },
    address: (wanted) => {
      const name = named(wanted)
      const address = aim.addresses.get(name)
      if (address !== undefined) return nearAddress(random, address, aim.masks.get(name), isHit(name))
      const [first, last] = ['from', 'to'].map((end) => aim.addresses.get(name.replace(/addr$/, end)))
      return first === undefined
        ? undefined
        : nearRange(random, first, last ?? first, isHit(name.replace(/addr$/, 'from')))
    },
    flags: () => {
      if (aim.flags === undefined) return undefined
      const set = (random.below(64) & ~aim.flags.mask) | aim.flags.set
      return isHit('flags') ? set : set ^ flagBelow(random, aim.flags.mask)
    },
  }
}

function swapEnds(name: string): string {
  return name.replace(/^(arp)?(src|dst)/, (_, arp = '', end) => `${arp}${end === 'src' ? 'dst' : 'src'}`)
}

function within(random: Random, first: number, last: number): number {
  return random.pick([first, last, first + random.below(last - first + 1)])
}

/** A value at the edge outside of the range, one bit away, at the ends of what can be written, or anywhere. */
function beside(random: Random, first: number, last: number, most: number): number {
  const bit = 2 ** random.below(Math.ceil(Math.log2(most + 1)))
  const flipped = Math.floor(first / bit) % 2 === 0 ? first + bit : first - bit
  const value = random.pick([first - 1, last + 1, flipped, 0, most, random.below(most + 1)])
  return Math.min(most, Math.max(0, value))
}

function nearAddress(random: Random, address: Bytes, mask: Bytes | undefined, hit: boolean): Bytes {
  const maskAt = (at: number) => mask?.[at] ?? 0xff
  if (hit) {
    if (random.chance(0.4)) return address
    // The first and the last address of a net, or any.
    const free = random.pick([() => 0, () => 0xff, () => random.below(256)])
    return address.map((byte, at) => (byte & maskAt(at)) | (free() & ~maskAt(at)))
  }
  const bits = address.flatMap((_, at) =>
    [128, 64, 32, 16, 8, 4, 2, 1].filter((bit) => maskAt(at) & bit).map((bit) => [at, bit] as const),
  )
  const [at = 0, bit = 0] = random.chance(0.5) ? (bits.at(-1) ?? []) : (bits[random.below(bits.length)] ?? [])
  return address.with(at, (address[at] ?? 0) ^ bit)
}

function nearRange(random: Random, first: Bytes, last: Bytes, hit: boolean): Bytes {
  if (!hit) return random.pick([addTo(first, -1), addTo(last, 1), addTo(last, 256)])
  return random.pick([first, last, addTo(first, random.below(4)), addTo(last, -random.below(4))])
}

function flagBelow(random: Random, mask: number): number {
  const flags = [1, 2, 4, 8, 16, 32].filter((flag) => mask & flag)
  return flags.length === 0 ? 0 : random.pick(flags)
}
