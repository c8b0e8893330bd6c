import type { Diagnostic, DiagnosticCode } from '#engine'

/** A text that libvirt takes and reads otherwise than it looks. */
export type TrapCase = {
  /** The number in the specification's list of traps, or the section that tells it, and the trap. */
  readonly trap: string
  readonly code: DiagnosticCode
  /**
   * Texts of filters, the first one is bound; rules alone are those of a filter named `trap`. The place that is told stands
   * between « and ».
   */
  readonly filters: readonly string[]
  /** What is told about in the text of the binding, where the place is there. */
  readonly inBinding?: string
  readonly variables?: readonly (readonly [name: string, value: string])[]
  /** How grave libvirt's dialect finds it, where the registry says otherwise. */
  readonly severity?: Diagnostic['severity']
  /** Codes of other errors that strict finds in the same text. */
  readonly also?: readonly DiagnosticCode[]
  readonly strict: 'refused' | 'kept' | Corrected
}
/** The rules of both dialects, as `ruleLines` writes them; undefined where libvirt refuses. */
type Corrected = { readonly libvirt: readonly string[] | undefined; readonly strict: readonly string[] }
