import type { Source } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'

/** One part of an entry: a single value, or all from `first` to `last`. Addresses are canonical, numbers decimal. */
export type IpSetValue = string | { readonly first: string; readonly last: string }
/** What the parts of an entry are. A port comes with its protocol, as two values. */
export type IpSetDimension = 'address' | 'mac' | 'port'

/** An ipset as `ipset save` writes it. */
export type IpSet = {
  readonly name: string
  /** Undefined for a set that holds no addresses: it matches both. */
  readonly family: 'ip' | 'ip6' | undefined
  readonly dimensions: readonly IpSetDimension[]
  /** The values of each entry, in the order of the dimensions. */
  readonly entries: readonly (readonly IpSetValue[])[]
  readonly source: Source
  /** Where the set is created. */
  readonly span: Span
}
