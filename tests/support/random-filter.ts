import type { OracleCase } from './oracle.ts'
import type { Random } from './random.ts'
import { PRIORITIES, pickFrom, type RuleOptions, randomRule } from './random-rule.ts'
import { IPV4, LONG_VALUES, type Pool } from './random-values.ts'

const CHAINS: Pool = {
  usual: ['root', 'mac', 'mac-a', 'vlan', 'stp-1', 'arp', 'arp-6', 'arpx', 'rarp', 'ipv4', 'ipv4-ip', 'ipv6:a', 'ipv6'],
  hostile: ['rootx', 'MAC', 'ipv4-too-long', 'arp-12345678', 'tcp', 'a b', 'arp/', ''],
}
/** What the lists of a case are filled with, again and again and with repetitions. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  IP: IPV4.usual,
  A: ['1.1.1.1', '2.2.2.2', '3.3.3.3'],
  B: ['80', '90', '80'],
  C: ['::1', '2001:db8::1'],
  P: ['6', '17'],
  PORTS: ['1024', '65535', '22', '1024'],
}
const PORT_DEVICES = ['vnet0', 'tap-0123456789a', 'x', 'macvtap1.2_3']
/** Known only in referenced filters, from the parameters of the references. */
const INNER = '$INNER'

type Case = {
  /** Which of the filters has hostile values. */
  readonly hostileAt: number | undefined
  /** Lists that are used side by side must be of one length. */
  readonly listLength: number
  readonly filterCount: number
  readonly chains: readonly string[]
}

/**
 * A random filter or include tree with the variables it is instantiated with. More than half are such that libvirt installs
 * most of them. In the others one filter is small and has a hostile value or two: a refusal says nothing about all the rest.
 */
export function randomCase(random: Random): OracleCase {
  const filterCount = random.chance(0.35) ? 2 + random.below(4) : 1
  const one: Case = {
    filterCount,
    hostileAt: random.chance(0.45) ? random.below(filterCount) : undefined,
    listLength: random.chance(0.5) ? 1 : 2 + random.below(2),
    // Few names in one case make chains that are shared, with one priority or several.
    chains: random.chance(0.3) ? [random.pick(CHAINS.usual), random.pick(CHAINS.usual)] : CHAINS.usual,
  }
  const filters = Array.from({ length: one.filterCount }, (_, at) => randomFilter(random, one, at))
  const portDevice = random.chance(0.1) ? random.pick(PORT_DEVICES) : undefined
  return { filters, variables: randomVariables(random, one), ...(portDevice === undefined ? {} : { portDevice }) }
}

function randomVariables(random: Random, { hostileAt, listLength }: Case): readonly (readonly [string, string])[] {
  const isUneven = random.chance(hostileAt === undefined ? 0.05 : 0.2)
  const lists = Object.entries(LISTS).flatMap(([name, values]) => {
    const length = isUneven ? random.below(4) : listLength
    return Array.from({ length }, (_, at) => {
      const value = random.chance(0.7) ? values[at % values.length] : random.pick(values)
      return [name, value ?? ''] as const
    })
  })
  return [['MAC', '52:54:00:aa:bb:cc'], ...lists, ['LONG', random.pick(LONG_VALUES)]]
}

function randomFilter(random: Random, one: Case, at: number): string {
  const hostile = one.hostileAt === at ? 0.15 : 0.002
  const chain = random.chance(0.6)
    ? ` chain='${random.chance(hostile / 2) ? random.pick(CHAINS.hostile) : random.pick(one.chains)}'`
    : ''
  const priority = random.chance(0.4) ? ` priority='${pickFrom(random, PRIORITIES, hostile / 2)}'` : ''
  const variables = ['$LONG', '$LONG[0]', ...(at > 0 ? [INNER, `${INNER}[@1]`] : [])]
  const entries = randomEntries(random, one, at, { hostile, variables })
  return `<filter name='f${at}'${chain}${priority}>${random.chance(0.1) ? '<!-- c -->' : ''}${entries.join('\n')}</filter>`
}

function randomEntries(random: Random, one: Case, at: number, options: RuleOptions): readonly string[] {
  const count = one.hostileAt === at ? 1 + random.below(2) : random.below(6)
  const isLast = at === one.filterCount - 1
  const entries = Array.from({ length: count }, () =>
    random.chance(0.2) && !isLast ? randomReference(random, one, at) : randomRule(random, options),
  )
  return isLast || random.chance(0.3) ? entries : [...entries, randomReference(random, one, at)]
}

/** References go to later filters only: what libvirt does with loops is asked elsewhere. */
function randomReference(random: Random, one: Case, at: number): string {
  const inner = Array.from({ length: random.chance(0.95) ? one.listLength : 0 }, () => ['INNER', '7.7.7.7'])
  const others = Array.from({ length: random.below(3) }, () => [
    random.pick(['A', 'B', 'IP', 'C', 'INNER', 'PORTS', 'X-Y', '']),
    random.pick(['1.1.1.1', '80', 'a/b', '::1', 'x_y', '', 'a b', '&#228;']),
  ])
  const parameters = [...inner, ...others].map(([name, value]) => `<parameter name='${name}' value='${value}'/>`)
  return `<filterref filter='f${at + 1 + random.below(one.filterCount - at - 1)}'>${parameters.join('')}</filterref>`
}
