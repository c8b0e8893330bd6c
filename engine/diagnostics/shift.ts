import type { Diagnostic, Source } from './diagnostic.ts'
import type { Span } from './span.ts'

/** The range moved by a number of UTF-16 code units. */
export function shiftSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by }
}

/**
 * A finding moved with the text it is about: span, fixes and related places of its own source. The chain's name stands in front
 * of all entries and does not move.
 */
export function shiftDiagnostic(
  diagnostic: Diagnostic,
  by: number,
  { source, chainSpan }: { readonly source: Source; readonly chainSpan: Span },
): Diagnostic {
  return {
    ...diagnostic,
    span: shiftSpan(diagnostic.span, by),
    fixes: diagnostic.fixes.map((fix) => ({ ...fix, span: shiftSpan(fix.span, by) })),
    related: diagnostic.related.map((place) =>
      place.source !== source || place.span === chainSpan ? place : { ...place, span: shiftSpan(place.span, by) },
    ),
  }
}
