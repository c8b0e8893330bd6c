import type { Source } from '../diagnostics/diagnostic.ts'

/** A `<network>`, as far as the bindings of its guests need it. Spec 10.1. */
export type Network = {
  readonly kind: 'network'
  readonly name: string
  /** `none` is an isolated network. */
  readonly forward: ForwardMode
  /** Undefined where libvirt picks a name, or guests are not plugged into a bridge. */
  readonly bridge: string | undefined
  readonly source: Source
}

/** Every forward mode of libvirt; `none` is never written. Spec 10.1. */
export const FORWARD_MODES = [
  'none',
  'nat',
  'route',
  'open',
  'bridge',
  'private',
  'vepa',
  'passthrough',
  'hostdev',
] as const
/** How a network is connected. */
type ForwardMode = (typeof FORWARD_MODES)[number]
