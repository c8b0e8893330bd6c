import type { Source } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Parameters } from './filter.ts'

/** A `<filterbinding>`: a filter attached to a port device. Spec 8.4. */
export type Binding = {
  readonly kind: 'binding'
  readonly portDevice: string
  /** Its name, where the binding was read from a text that gives it. */
  readonly portDeviceSpan?: Span | undefined
  readonly linkDevice: string | undefined
  readonly owner: { readonly name: string; readonly uuid: string }
  /** Six lower-case two-digit groups. */
  readonly mac: string
  readonly filter: string
  readonly filterSpan: Span
  readonly parameters: Parameters
  /** The first name attribute of each parameter, where the binding was read from a text. */
  readonly parameterSpans?: ReadonlyMap<string, Span>
  /** Every value of each parameter in the order of its list, there too. */
  readonly parameterValueSpans?: ReadonlyMap<string, readonly Span[]>
  readonly source: Source
}
