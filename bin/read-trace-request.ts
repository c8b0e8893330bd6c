import type { TraceFrame } from '#engine'

/** One line of `trace --jsonl`. */
export type TraceRequest = {
  readonly id: unknown
  readonly filters: readonly string[]
  readonly bindings: readonly string[]
  readonly dialect: unknown
  readonly over: unknown
  readonly builtin: boolean
  readonly frames: readonly TraceFrame[]
}
/** Why a line is no request, and its id as far as it was read. */
export type Unreadable = { readonly id: unknown; readonly why: string }

const SHORTEST = 28

/** Reads a request line. */
export function readTraceRequest(line: string): TraceRequest | Unreadable {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (error) {
    return { id: null, why: `The line is no JSON: ${error instanceof Error ? error.message : 'unreadable'}` }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return { id: null, why: 'The line is no JSON object.' }
  const {
    id = null,
    filters = [],
    bindings = [],
    frames = [],
    dialect,
    over,
    builtin,
  } = parsed as Record<string, unknown>
  if (!isTexts(filters) || !isTexts(bindings)) return { id, why: 'filters and bindings are lists of texts.' }
  if (!Array.isArray(frames)) return { id, why: 'frames is a list.' }
  const wrong = frames.map(whyNoFrame)
  const at = wrong.findIndex((why) => why !== undefined)
  if (at !== -1) return { id, why: `Frame ${at + 1} cannot be read: ${wrong[at]}.` }
  return { id, filters, bindings, dialect, over, builtin: builtin !== false, frames }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function whyNoFrame(frame: unknown): string | undefined {
  if (typeof frame !== 'object' || frame === null) return 'it is no object'
  const { portDevice, direction, hex } = frame as Record<string, unknown>
  if (typeof portDevice !== 'string') return 'portDevice is no text'
  if (direction !== 'in' && direction !== 'out') return 'direction is in or out'
  if (typeof hex !== 'string' || !/^(?:[0-9a-f]{2})*$/i.test(hex)) return 'hex is no text of hexadecimal bytes'
  return hex.length < SHORTEST ? 'it is shorter than an Ethernet header' : undefined
}
