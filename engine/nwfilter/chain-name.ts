import type { Dialect } from '../dialects/dialect.ts'

const LONGEST = 12
const DOCUMENTED_STP_PRIORITY = -810
/** libvirt tests the prefixes in this order; an stp chain has no default of its own and gets the midpoint of ±1000. Spec 1.2. */
const PREFIXES: readonly { readonly prefix: string; readonly priority: number }[] = [
  { prefix: 'mac', priority: -800 },
  { prefix: 'vlan', priority: -750 },
  { prefix: 'stp', priority: 0 },
  { prefix: 'arp', priority: -500 },
  { prefix: 'rarp', priority: -400 },
  { prefix: 'ipv4', priority: -700 },
  { prefix: 'ipv6', priority: -600 },
]

/** What is wrong with a chain name, or undefined. */
export function chainNameProblem(name: string): string | undefined {
  if (name.length > LONGEST) return `The chain name ${name} is longer than ${LONGEST} characters.`
  if (!/^[A-Za-z0-9_.:-]*$/.test(name)) return `The chain name ${name} may hold only letters, digits and _ . : -`
  if (name === 'root') return undefined
  if (name.startsWith('root'))
    return `The chain name ${name} is not allowed: a name that begins with root must be root itself.`
  if (PREFIXES.some(({ prefix }) => name.startsWith(prefix))) return undefined
  return `The chain name ${name} is not allowed: use root, or a name that begins with one of ${PREFIXES.map(({ prefix }) => prefix).join(', ')}.`
}

/** The priority of a chain that gives none; libvirt forgets its own default for stp. Spec 1.2. */
export function defaultChainPriority(name: string, dialect: Dialect): number {
  if (name.startsWith('stp') && dialect === 'strict') return DOCUMENTED_STP_PRIORITY
  return PREFIXES.find(({ prefix }) => name.startsWith(prefix))?.priority ?? 0
}
