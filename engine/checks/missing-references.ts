import { report } from '../diagnostics/report.ts'
import { closestName } from '../nwfilter/closest-name.ts'
import type { Check } from './check.ts'

/** A referenced filter that is not there: libvirt takes the definition and refuses the NIC later. Spec 1.5. */
export const missingReferences: Check = (filter, others) =>
  filter.entries.flatMap((entry) => {
    if (entry.kind !== 'filterref' || entry.filter === filter.name || others.has(entry.filter)) return []
    const close = closestName(entry.filter, others.keys())
    const fixes = close === undefined ? [] : [{ title: `Use ${close}`, span: entry.filterSpan, text: close }]
    const guess = close === undefined ? '' : ` Did you mean ${close}?`
    return [
      report('NWF201', filter.source, entry.filterSpan, `Filter ${entry.filter} does not exist.${guess}`, { fixes }),
    ]
  })
