import type { TimelineEntry } from '../link/contract.ts'
import { type LogLevel, log } from '../log.ts'

const LEVELS: Partial<Record<TimelineEntry['kind'], LogLevel>> = {
  alarm: 'error',
  refused: 'error',
  'rolled-back': 'error',
  memory: 'error',
  broken: 'error',
  drift: 'warning',
  foreign: 'warning',
  gone: 'warning',
}
const MOST_NAMES = 10

/** Writes what is new in the timeline into the log. Each call goes on behind the one before. */
export function timelineLogger(): (timeline: readonly TimelineEntry[]) => void {
  let last: number | undefined
  return (timeline) => {
    const newest = timeline.at(-1)?.number ?? 0
    // What stood there when the agent started was told by the one before it.
    const from = last ?? newest
    last = newest
    if (newest === from) return
    for (const { number, kind, text, portDevices } of timeline) {
      if (number <= from) continue
      const names = portDevices.slice(0, MOST_NAMES).join(',')
      const more = portDevices.length > MOST_NAMES ? `,… (${portDevices.length})` : ''
      log(LEVELS[kind] ?? 'info', kind, { text, ...(names === '' ? {} : { nics: names + more }) })
    }
  }
}
