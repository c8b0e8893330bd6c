import { setTimeout as sleep } from 'node:timers/promises'
import { describeArrival, describeFrame } from './describe-frame.ts'
import type { GeneratedFrame } from './generate-frames.ts'
import type { LabPair, LabSide } from './lab-pair.ts'
import { normalArrival } from './normal-arrival.ts'
import { type Arrival, encodeFrames, readArrivals, splitAnswer } from './wire.ts'

/** Brings the namespace that `enter` leads to to the rules of a filter; says why that is refused, undefined where it is not. */
type Load = (enter: readonly string[]) => Promise<string | undefined>

export type CompareOptions = {
  readonly loadFirst: Load
  readonly loadSecond: Load
  readonly frames: readonly GeneratedFrame[]
  /** What an arrival is compared by, undefined where it does not count. */
  readonly normal?: (arrival: Arrival) => string | undefined
}

/** A frame, or the fragments of one packet, that two rulesets treat differently. Texts are for people, one line each. */
type Difference = {
  /** Where the frame stands in the list. */
  readonly at: number
  readonly sent: readonly string[]
  readonly onlyFirst: readonly string[]
  readonly onlySecond: readonly string[]
  readonly both: readonly string[]
}

export type Comparison = {
  /** Why one of the two could not be loaded; nothing was sent then. */
  readonly refused: string | undefined
  readonly differences: readonly Difference[]
  /** How many there were at full speed: some arrive late, some depend on the time, and of many the first alone are confirmed. */
  readonly suspected: number
  /** How many frames the first ruleset let arrive anywhere. */
  readonly passed: number
  readonly loadMs: number
  readonly sendMs: number
}

/**
 * How long nothing may arrive after a frame before the next is sent, in the runs that confirm a difference. The last is three ticks
 * of the kernel's clock: connlimit forgets connections that are gone once in a tick.
 */
export const QUIET_MS = [2, 12] as const
/** So many are confirmed together: a slow run takes seconds. */
const MOST_AT_ONCE = 10
/** After so long no fragment waits for others any more. */
export const FRAGMENTS_GONE_MS = 1200

/**
 * Loads two rulesets into two labs, sends both the same frames and tells which of them do not arrive at the same places with the
 * same bytes. A difference counts when it comes again in two slow runs, for which everything is loaded anew.
 */
export async function compare({ sides, learning }: LabPair, options: CompareOptions): Promise<Comparison> {
  const { frames, loadFirst, loadSecond, normal = normalArrival } = options
  const loads = [loadFirst, loadSecond]
  let [loadMs, sendMs] = [0, 0]
  const start = performance.now()
  const refused = await loadBoth()
  loadMs = performance.now() - start
  const nothing = { refused, differences: [], suspected: 0, passed: 0, loadMs, sendMs }
  if (refused !== undefined) return nothing
  const sending = performance.now()
  const answers = await sendBoth(encodeFrames(frames), 0)
  sendMs = performance.now() - sending
  const passed = answers[0]?.filter((part) => part.readUInt16LE(0) > 0).length ?? 0
  const suspected = findDifferences(frames, answers, normal)
  let confirmed = await confirm(suspected.slice(0, MOST_AT_ONCE))
  // The first ones may have been late while a later one is true.
  if (confirmed?.length === 0 && suspected.length > MOST_AT_ONCE) confirmed = await confirm(suspected)
  if (confirmed === undefined) return { ...nothing, refused: 'what could be loaded once cannot be loaded again' }
  return { refused, differences: confirmed, suspected: suspected.length, passed, loadMs, sendMs }

  async function confirm(suspects: readonly Difference[]): Promise<readonly Difference[] | undefined> {
    let differences = suspects
    const known = new Set(suspects.map(({ at }) => at))
    for (const quietMs of QUIET_MS) {
      // What comes behind the last of them cannot change it.
      const last = differences.at(-1)
      if (last === undefined) break
      const part = frames.slice(0, last.at + last.sent.length)
      await sleep(FRAGMENTS_GONE_MS)
      if ((await loadBoth()) !== undefined) return undefined
      const slow = findDifferences(part, await sendBoth(encodeFrames(part), quietMs), normal)
      // At full speed what is late moves to another frame, so the first slow run knows better.
      differences = quietMs === QUIET_MS[0] ? slow : slow.filter(({ at }) => known.has(at))
      for (const { at } of slow) known.add(at)
    }
    return differences
  }

  async function loadBoth(): Promise<string | undefined> {
    const said = await Promise.all(sides.map(({ enter }, at) => loads[at]?.(enter)))
    return said.find((words) => words !== undefined)
  }

  function sendBoth(encoded: Buffer, quietMs: number): Promise<readonly (readonly Buffer[])[]> {
    return Promise.all(sides.map((side) => sendOn(side, encoded, { quietMs, learning })))
  }
}

/** Sends encoded frames to a side that has forgotten everything about earlier ones; for each frame what arrived. */
export async function sendOn(
  { wire }: LabSide,
  encoded: Buffer,
  { quietMs, learning }: { readonly quietMs: number; readonly learning: boolean },
): Promise<readonly Buffer[]> {
  await wire.flushConnections()
  if (learning) await wire.flushLearnedMacs()
  return splitAnswer(await wire.send(encoded, quietMs))
}

function findDifferences(
  frames: readonly GeneratedFrame[],
  [first = [], second = []]: readonly (readonly Buffer[])[],
  normal: (arrival: Arrival) => string | undefined,
): readonly Difference[] {
  const read = (answer: readonly Buffer[], from: number, to: number) =>
    answer
      .slice(from, to)
      .flatMap((part) => readArrivals(part).flatMap((arrival) => normal(arrival) ?? []))
      .sort()
  const differences: Difference[] = []
  for (let at = 0; at < frames.length; ) {
    const group = frames[at]?.group
    let end = at + 1
    while (group !== undefined && frames[end]?.group === group) end += 1
    let isEqual = true
    for (let one = at; one < end; one += 1) isEqual &&= first[one]?.equals(second[one] ?? Buffer.alloc(0)) ?? false
    if (!isEqual) {
      const [ours, theirs] = [read(first, at, end), read(second, at, end)]
      const [onlyFirst, onlySecond] = [without(ours, theirs), without(theirs, ours)]
      if (onlyFirst.length + onlySecond.length > 0) {
        const sent = frames.slice(at, end).map(({ from, hex }) => `${from}: ${describeFrame(hex)}`)
        const both = without(ours, onlyFirst)
        const say = (list: readonly string[]) => list.map(describeNormal)
        differences.push({ at, sent, onlyFirst: say(onlyFirst), onlySecond: say(onlySecond), both: say(both) })
      }
    }
    at = end
  }
  return differences
}

/** What one list has more often than another. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = [...other]
  return list.filter((item) => {
    const at = left.indexOf(item)
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
}

function describeNormal(text: string): string {
  const [at = '', hex = ''] = text.split(' ')
  return describeArrival(at, hex)
}
