import type { FlatRule } from './flatten.ts'

export type SortedRule = { readonly flat: FlatRule; readonly rulePriority: number }

/** libvirt's order: rules of root filters first, then by rule priority; only afterwards a rule is lifted to its chain's priority. Spec 4.4. */
export function sortRules(rules: readonly FlatRule[]): readonly SortedRule[] {
  const isRoot = ({ filter }: FlatRule) => filter.chain === 'root'
  return rules
    .toSorted((a, b) => Number(isRoot(b)) - Number(isRoot(a)) || a.rule.rulePriority - b.rule.rulePriority)
    .map((flat) => ({
      flat,
      rulePriority: isRoot(flat) ? flat.rule.rulePriority : Math.max(flat.rule.rulePriority, flat.filter.chainPriority),
    }))
}
