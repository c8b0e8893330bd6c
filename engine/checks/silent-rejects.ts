import { report } from '../diagnostics/report.ts'
import type { Check } from './check.ts'

/** `reject` at the Ethernet layer drops without an answer. Spec 5.5. */
export const silentRejects: Check = (filter) =>
  filter.entries.flatMap((entry) =>
    entry.kind === 'rule' && entry.action === 'reject'
      ? [
          report(
            'NWF316',
            filter.source,
            { start: entry.span.start, end: entry.span.start + '<rule'.length },
            'At the Ethernet layer libvirt turns this reject into a drop: the sender gets no answer.',
          ),
        ]
      : [],
  )
