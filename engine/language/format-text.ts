import type { Source, Staged } from '../diagnostics/diagnostic.ts'
import { parseDocument } from '../xml/parse-document.ts'
import { formatDocument } from './format-document.ts'

/**
 * A text in Sluice's formatting. The value is undefined where the text is not well-formed, or where indentation would make it
 * larger than what is read: such a text is left alone.
 */
export function formatText(text: string, source: Source): Staged<string> {
  const { value, diagnostics } = parseDocument(text, source)
  if (value === undefined || diagnostics.length > 0) return { value: undefined, diagnostics }
  const formatted = formatDocument(value)
  const grown = formatted.length > text.length ? parseDocument(formatted, source) : undefined
  return grown === undefined || grown.value !== undefined
    ? { value: formatted, diagnostics }
    : { value: undefined, diagnostics: grown.diagnostics }
}
