import type { Dialect } from '../dialects/dialect.ts'
import { isEthernetRule } from '../protocols/layer-of.ts'
import type { FlatRule } from './flatten.ts'

/** A rule in its place, with the priority it has there. */
export type SortedRule = { readonly flat: FlatRule; readonly rulePriority: number }

/**
 * The order of emission: rules of the Ethernet layer, then of the IP layer. Within each libvirt puts rules of root filters first,
 * then sorts by rule priority, and only afterwards lifts a rule to its chain's priority; strict sorts the IP layer, which has
 * no chains, by rule priority alone. Spec 4.4.
 */
export function sortRules(rules: readonly FlatRule[], dialect: Dialect): readonly SortedRule[] {
  const ethernet = rules.filter(({ rule }) => isEthernetRule(rule.protocol))
  const ip = rules.filter(({ rule }) => !isEthernetRule(rule.protocol))
  return [...sortByChain(ethernet), ...(dialect === 'libvirt' ? sortByChain(ip) : sortByPriority(ip))]
}

function sortByChain(rules: readonly FlatRule[]): readonly SortedRule[] {
  const isRoot = ({ filter }: FlatRule) => filter.chain === 'root'
  return rules
    .toSorted((a, b) => Number(isRoot(b)) - Number(isRoot(a)) || a.rule.rulePriority - b.rule.rulePriority)
    .map((flat) => ({
      flat,
      rulePriority: isRoot(flat) ? flat.rule.rulePriority : Math.max(flat.rule.rulePriority, flat.filter.chainPriority),
    }))
}

function sortByPriority(rules: readonly FlatRule[]): readonly SortedRule[] {
  return rules
    .toSorted((a, b) => a.rule.rulePriority - b.rule.rulePriority)
    .map((flat) => ({ flat, rulePriority: flat.rule.rulePriority }))
}
