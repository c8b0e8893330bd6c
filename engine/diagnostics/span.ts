/** A half-open range of a source text, in UTF-16 code units from its beginning. */
export type Span = { readonly start: number; readonly end: number }
