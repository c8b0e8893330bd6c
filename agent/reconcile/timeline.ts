import type { TimelineEntry } from '../link/contract.ts'

const MOST_ENTRIES = 300
/** The text says what happened; thousands of names in each entry would help nobody. */
const MOST_DEVICES = 50

/** The timeline with one entry more; the oldest make room. */
export function addEntry(
  timeline: readonly TimelineEntry[],
  entry: Omit<TimelineEntry, 'number'>,
): readonly TimelineEntry[] {
  const number = (timeline.at(-1)?.number ?? 0) + 1
  return [...timeline, { number, ...entry, portDevices: entry.portDevices.slice(0, MOST_DEVICES) }].slice(-MOST_ENTRIES)
}
