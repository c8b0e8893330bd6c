import { report } from '../diagnostics/report.ts'
import type { Rule } from '../nwfilter/filter.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { Check } from './check.ts'

/** Masks and range ends without the attribute they belong to: libvirt takes and ignores them. Spec 2.2. */
export const lostAttributes: Check = (filter) =>
  filter.entries.flatMap((entry) => {
    if (entry.kind !== 'rule') return []
    return entry.matches.flatMap((match) => {
      const owner = ownerOf(entry, match.attribute)
      if (owner === undefined || entry.matches.some(({ attribute }) => attribute === owner)) return []
      return [
        report(
          'NWF315',
          filter.source,
          match.span,
          `${match.attribute} has no effect without ${owner}; libvirt ignores it.`,
        ),
      ]
    })
  })

function ownerOf(rule: Rule, attribute: string): string | undefined {
  const table = protocols.get(rule.protocol)?.attributes ?? []
  return table.find(({ ebtables }) => ebtables?.mask?.attribute === attribute || ebtables?.end === attribute)?.name
}
