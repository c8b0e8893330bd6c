import type { Random } from './random.ts'
import { ETHERNET_ELEMENTS, IP_ELEMENTS } from './random-attributes.ts'
import { type Pool, PROTOCOLS_WITH_PORTS, VARIABLES } from './random-values.ts'

type Element = { readonly name: string; readonly attributes: ReadonlyMap<string, string> }
/** How often a value is hostile, and variables that can be used besides those every case has. */
export type RuleOptions = { readonly hostile: number; readonly variables: readonly string[] }

const ALL_NAMES = [...ETHERNET_ELEMENTS.keys(), ...IP_ELEMENTS.keys()]

/** Of rules and filters alike. */
export const PRIORITIES: Pool = {
  usual: ['-1000', '-800', '-500', '0', '5', '100', '500', '1000'],
  hostile: ['1001', '-1001', '2000', '0x10', ' 5', '5 ', 'x', '', '+7'],
}
const ACTIONS: Pool = { usual: ['accept', 'drop', 'reject', 'return', 'continue'], hostile: ['Accept', '', 'allow'] }
const DIRECTIONS: Pool = { usual: ['in', 'out', 'inout'], hostile: ['IN', 'both', ''] }
const STATEMATCH: Pool = { usual: ['0', 'false', 'FALSE'], hostile: ['no', '1', 'true', ''] }

/** A random rule, of the IP layer as often as of the Ethernet layer. */
export function randomRule(random: Random, options: RuleOptions): string {
  const attributes = [
    `action='${pickFrom(random, ACTIONS, options.hostile / 10)}'`,
    `direction='${pickFrom(random, DIRECTIONS, options.hostile / 10)}'`,
    ...(random.chance(0.6) ? [`priority='${pickFrom(random, PRIORITIES, options.hostile)}'`] : []),
    ...(random.chance(0.15) ? [`statematch='${pickFrom(random, STATEMATCH, 0.3)}'`] : []),
  ]
  const elements = withoutLostComments(randomElements(random, options))
  return `<rule ${attributes.join(' ')}>${elements.map(printElement).join('')}</rule>`
}

export function pickFrom(random: Random, pool: Pool, hostile: number): string {
  return random.pick(random.chance(hostile) ? pool.hostile : pool.usual)
}

function randomElements(random: Random, options: RuleOptions): readonly Element[] {
  const name = random.pick([...(random.chance(0.5) ? ETHERNET_ELEMENTS : IP_ELEMENTS).keys()])
  const count = random.chance(0.75) ? 1 : random.below(4)
  return Array.from({ length: count }, () => {
    const other = random.pick([...ALL_NAMES, 'none', 'bogus'])
    return randomElement(random, random.chance(0.05) ? other : name, options)
  })
}

function randomElement(random: Random, name: string, options: RuleOptions): Element {
  const rows = ETHERNET_ELEMENTS.get(name) ?? IP_ELEMENTS.get(name) ?? [['x', { usual: ['y'], hostile: [''] }] as const]
  const amount = random.chance(0.05) ? rows.length : random.below(Math.min(6, rows.length + 1))
  const chosen = new Map(Array.from({ length: amount }, () => random.pick(rows)))
  const attributes = new Map([...chosen].map(([key, pool]) => [key, randomValue(random, pool, options)] as const))
  if (random.chance(0.3)) attributes.set('match', random.chance(0.9) ? 'no' : random.pick(['NO', 'yes', '']))
  if (random.chance(0.95)) addWhatIsNeeded(random, name, attributes)
  return { name, attributes }
}

/** Refused without: ports of the Ethernet layer need a protocol that has ports, and a set of all but two elements flags. */
function addWhatIsNeeded(random: Random, name: string, attributes: Map<string, string>): void {
  const hasPorts = [...attributes.keys()].some((key) => key.includes('port'))
  if (hasPorts && (name === 'ip' || name === 'ipv6')) attributes.set('protocol', random.pick(PROTOCOLS_WITH_PORTS))
  if (attributes.has('ipset') && !attributes.has('ipsetflags')) attributes.set('ipsetflags', 'src,dst')
}

function randomValue(random: Random, pool: Pool, { hostile, variables }: RuleOptions): string {
  if (!random.chance(0.15)) return pickFrom(random, pool, hostile)
  return random.chance(0.1) && variables.length > 0 ? random.pick(variables) : pickFrom(random, VARIABLES, hostile)
}

/**
 * The one construct that is left out: in a rule of the IP layer, a comment on an element before an element with a `dscp` that
 * is not a variable. libvirt's check of that dscp writes into the comment, so that its canonical text shows a part of a
 * pointer there, `comment='176'`. In one element the comment is read after the dscp and stays; so it does in `ip`, whose
 * check writes elsewhere. The commands are right in all of them. Spec 13.1.27.
 */
function withoutLostComments(elements: readonly Element[]): readonly Element[] {
  return elements.map((element, at) => {
    const isLost = elements.slice(at + 1).some(({ name, attributes }) => {
      const dscp = attributes.get('dscp')
      return dscp !== undefined && !dscp.startsWith('$') && IP_ELEMENTS.has(name)
    })
    return isLost
      ? { ...element, attributes: new Map([...element.attributes].filter(([key]) => key !== 'comment')) }
      : element
  })
}

function printElement({ name, attributes }: Element): string {
  return `<${name}${[...attributes].map(([key, value]) => ` ${key}='${value}'`).join('')}/>`
}
