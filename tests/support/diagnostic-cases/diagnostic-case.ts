import type { Diagnostic, DiagnosticCode, Dialect } from '#engine'

/** One finding about texts that belong together, in every part. */
export type DiagnosticCase = {
  readonly code: DiagnosticCode
  /** What the case shows, where the code alone does not say it. */
  readonly what?: string
  /** One text, or several that know each other. */
  readonly texts: string | readonly string[]
  readonly dialect?: Dialect
  /** ebiptables unless given. */
  readonly backend?: 'nftables'
  readonly severity: Diagnostic['severity']
  readonly message: string
  /** `LINE:COLUMN` of the span, and the text it covers. */
  readonly at: readonly [position: string, covered: string]
  /** Which of the texts the finding is about, counted from 0. */
  readonly about?: number
  /** What the related places cover. */
  readonly related?: readonly string[]
  /** The fixes in order: the title, and the text it makes of the one the finding is about. */
  readonly fixes?: readonly (readonly [title: string, fixed: string])[]
  /** Every other code that is told of these texts, in order; none unless given, and `more` where they do not matter. */
  readonly beside?: readonly DiagnosticCode[] | 'more'
}
