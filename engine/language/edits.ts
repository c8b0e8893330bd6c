import type { Span } from '../diagnostics/span.ts'

/** A stretch of a text and what takes its place. The fix of a diagnostic is one too. */
export type TextEdit = { readonly span: Span; readonly text: string }

/**
 * The text after the edits; whatever lies outside their spans keeps its bytes. Insertions at one place keep their order. Edits
 * that overlap or leave the text are no input but a mistake of their maker: they throw.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  let end = text.length
  return ordered.reduceRight((edited, edit) => {
    const { span } = edit
    if (span.start < 0 || span.start > span.end || span.end > end)
      throw new Error(`The edit of ${span.start} to ${span.end} overlaps another or leaves the text.`)
    end = span.start
    return edited.slice(0, span.start) + edit.text + edited.slice(span.end)
  }, text)
}
