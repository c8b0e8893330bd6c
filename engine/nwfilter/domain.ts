import type { Source } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Binding } from './binding.ts'

/** A NIC of a domain that carries a filter. */
export type DomainInterface = {
  /** What libvirt ties to the device when the guest starts; undefined where the text does not tell the MAC address. */
  readonly binding: Binding | undefined
  /** The virtual network it is plugged into, where it is of type network. */
  readonly network: { readonly name: string; readonly span: Span } | undefined
}

/** A `<domain>`, as far as its filters go. Spec 8.5. */
export type Domain = {
  readonly kind: 'domain'
  readonly name: string
  readonly uuid: string
  readonly interfaces: readonly DomainInterface[]
  readonly source: Source
}
