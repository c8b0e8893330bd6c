import { type Binding, type Dialect, type Filter, instantiate } from '#engine'
import { makeRandom } from './random.ts'
import type { Bytes } from './traffic/bytes.ts'
import { drawExchange } from './traffic/draw-exchange.ts'
import { drawFrame } from './traffic/draw-frame.ts'
import { draftFrames, type FrameDraft } from './traffic/frame-draft.ts'
import { malform } from './traffic/malform.ts'
import { readAims } from './traffic/read-aims.ts'
import { sceneOf } from './traffic/scene.ts'
import type { WireFrame } from './wire.ts'

/** Frames of one `group` are fragments of one packet: what they are put together to arrives by the last of them. */
export type GeneratedFrame = WireFrame & { readonly group: number | undefined }

export type TrafficOptions = {
  /** Filters by name. */
  readonly filters: ReadonlyMap<string, Filter>
  /** Its portDevice is one of the lab's. */
  readonly binding: Binding
  readonly dialect: Dialect
  readonly seed: number
  /** There may be a few more: exchanges are not cut. */
  readonly count: number
  /** Damages some frames; without it every header is right. */
  readonly malformed?: boolean
}

const EXCHANGE = 0.14
const AIMED = 0.65
const MALFORMED = 0.15

/**
 * Frames from and to the guest of a binding, in the order in which they are to be sent: near what the rules ask for, hitting or
 * missing it by a little, and at random. Equal options give equal frames.
 */
export function generateFrames({
  filters,
  binding,
  dialect,
  seed,
  count,
  malformed,
}: TrafficOptions): GeneratedFrame[] {
  const random = makeRandom(seed)
  // The guest's own MAC address is a parameter of every binding, unless that says otherwise.
  const parameters = new Map([['MAC', [binding.mac]] as const, ...binding.parameters])
  const aims = readAims(instantiate(filters, binding, dialect).value?.instances ?? [], parameters)
  const scene = sceneOf(random, binding, aims)
  const frames: GeneratedFrame[] = []
  while (frames.length < count) {
    const aim = aims.length > 0 && random.chance(AIMED) ? random.pick(aims) : undefined
    const drafts = random.chance(EXCHANGE) ? drawExchange(random, scene, aim) : [drawFrame(random, scene, aim)]
    for (const draft of drafts) frames.push(...finish(draft, frames.length))
  }
  return frames

  function finish(draft: FrameDraft, number: number): readonly GeneratedFrame[] {
    const all = draftFrames(draft)
    const group = all.length > 1 ? number : undefined
    return all.map((bytes) => {
      const damaged = malformed === true && random.chance(MALFORMED) ? malform(random, bytes) : bytes
      return { from: draft.from, hex: toHex(damaged), group }
    })
  }
}

function toHex(bytes: Bytes): string {
  return Buffer.from(bytes).toString('hex')
}
