import type { Span } from '../diagnostics/span.ts'

/** A reference that XML or Sluice refuses, with its range in the whole text. */
export type ReferenceProblem = {
  readonly kind: 'bare-ampersand' | 'unknown-entity' | 'bad-character'
  readonly name: string
  readonly span: Span
}

const FIVE: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const REFERENCE = /&(?:#(?:x([0-9a-fA-F]+)|([0-9]+));|([A-Za-z_:][\w.:-]*);)?/g

/**
 * Resolves character references and the five entities of XML in `raw`; `offset` is where `raw` begins in the text.
 * Anything else stays in the result as written and is a problem.
 */
export function resolveReferences(raw: string, offset: number, problems: ReferenceProblem[]): string {
  if (!raw.includes('&')) return raw
  return raw.replace(
    REFERENCE,
    (written: string, hex: string | undefined, decimal: string | undefined, name: string | undefined, at: number) => {
      const span = { start: offset + at, end: offset + at + written.length }
      if (name !== undefined) {
        const known = FIVE[name]
        if (known === undefined) problems.push({ kind: 'unknown-entity', name, span })
        return known ?? written
      }
      const digits = hex ?? decimal
      if (digits === undefined) {
        problems.push({ kind: 'bare-ampersand', name: '', span })
        return written
      }
      const code = Number.parseInt(digits, hex === undefined ? 10 : 16)
      if (isXmlCharacter(code)) return String.fromCodePoint(code)
      problems.push({ kind: 'bad-character', name: written, span })
      return written
    },
  )
}

/** XML 1.0, production 2. */
function isXmlCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  )
}
