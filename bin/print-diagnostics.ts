import { type Diagnostic, positionsIn, type ReadText, renderDiagnostic } from '#engine'
import { builtinText } from './read-sources.ts'

type Options = { readonly json: boolean; readonly to: NodeJS.WriteStream }

/** Prints findings for people, in colour on a terminal, or as one JSON object a line. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: readonly Pick<ReadText, 'source' | 'text'>[],
  { json, to }: Options,
): void {
  const bySource = new Map(texts.map(({ source, text }) => [source, text]))
  const placeOf = (source: string) => ({ text: bySource.get(source) ?? builtinText(source), file: source })
  const colour = to.isTTY === true && process.env.NO_COLOR === undefined
  const positions = new Map<string, ReturnType<typeof positionsIn>>()
  for (const diagnostic of diagnostics) {
    const { text } = placeOf(diagnostic.source)
    const positionOf = positions.get(diagnostic.source) ?? positionsIn(text)
    positions.set(diagnostic.source, positionOf)
    to.write(
      json
        ? `${JSON.stringify({ file: diagnostic.source, ...diagnosticToJson(diagnostic, positionOf) })}\n`
        : `${renderDiagnostic(diagnostic, text, diagnostic.source, { colour, placeOf })}\n`,
    )
  }
}

/** The machine form of a finding: lines and columns from 1, the end behind the last character. */
export function diagnosticToJson(
  { severity, code, message, source, span }: Diagnostic,
  positionOf: ReturnType<typeof positionsIn>,
) {
  const start = positionOf(span.start)
  const end = positionOf(span.end)
  return {
    severity,
    code,
    message,
    source,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}
