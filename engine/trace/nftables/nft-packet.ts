import type { Tracking } from '../connections/connection.ts'
import type { Frame } from '../frame/frame.ts'
import type { HostState } from '../pass-layers.ts'
import type { RulePlace, TraceFrame, TraceStep } from '../trace.ts'

/** A frame on its way through the hooks. */
export type NftPacket = {
  frame: Frame
  /** Where it passes: of fragments that were put together, where the first of them did. */
  portDevice: string
  direction: TraceFrame['direction']
  mark: number
  /** The interfaces as the hook knows them; empty where it knows none. */
  iifname: string
  oifname: string
  /** Undefined as long as nobody has asked for the connection. */
  tracking: Tracking | undefined
  readonly state: HostState
  readonly steps: TraceStep[]
  /** The rule of a filter that decided last, and the one that set a mark last. */
  by: RulePlace | null
  marker: RulePlace | null
}

/** What a field holds: a number, a bigint where it has more than 48 bits, the name of an interface. */
export type NftFieldValue = number | bigint | string
