import type { Diagnostic } from './diagnostic.ts'

/**
 * Findings about a document behind those about its markup. Where that is broken, stray text is a piece of it and told already, and
 * so is an attribute that is missing from a tag with one that is written wrongly.
 */
export function besideSyntax(
  text: string,
  syntax: readonly Diagnostic[],
  decoded: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (syntax.length === 0) return decoded
  const isTold = ({ code, span }: Diagnostic) => {
    if (code !== 'NWF121') return code === 'NWF125'
    const end = text.indexOf('<', span.start)
    const isInTag = (start: number) => start > span.start && (end === -1 || start < end)
    return syntax.some((said) => said.code === 'NWF103' && isInTag(said.span.start))
  }
  return [...syntax, ...decoded.filter((diagnostic) => !isTold(diagnostic))]
}
