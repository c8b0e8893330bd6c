import { report } from '../diagnostics/report.ts'
import { closestName } from '../nwfilter/closest-name.ts'
import { escapeXml } from '../nwfilter/escape-xml.ts'
import type { Check } from './check.ts'

/** A referenced filter that is not there: libvirt takes the definition and refuses the NIC later. Spec 1.5. */
export const missingReferences: Check = (filter, others) =>
  filter.entries.flatMap((entry) => {
    if (entry.kind !== 'filterref' || entry.filter === filter.name || others.has(entry.filter)) return []
    const close = closestName(entry.filter, others.keys())
    const fixes = close === undefined ? [] : [{ title: `Use ${close}`, span: entry.filterSpan, text: escapeXml(close) }]
    const guess = close === undefined ? '' : ` Did you mean ${close}?`
    const message = entry.filter === '' ? 'This reference names no filter.' : `Filter ${entry.filter} does not exist.`
    return [report('NWF201', filter.source, entry.filterSpan, `${message}${guess}`, { fixes })]
  })
