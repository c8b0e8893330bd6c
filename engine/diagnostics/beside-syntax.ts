import type { Diagnostic } from './diagnostic.ts'

/** Findings about a document behind those about its markup: where that is broken, stray text is a piece of it and told already. */
export function besideSyntax(syntax: readonly Diagnostic[], decoded: readonly Diagnostic[]): readonly Diagnostic[] {
  return syntax.length === 0 ? decoded : [...syntax, ...decoded.filter(({ code }) => code !== 'NWF125')]
}
