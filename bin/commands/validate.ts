import { parseArgs } from 'node:util'
import {
  compileBinding,
  type Diagnostic,
  diagnoseFilter,
  type Filter,
  hasErrors,
  positionAt,
  renderDiagnostic,
} from '#engine'
import { type CommandModule, UsageError } from '../command.ts'
import { dialectOf } from '../dialect-of.ts'
import { type Input, readInputs } from '../read-inputs.ts'
import { parsedBuiltins, readSources } from '../read-sources.ts'

/** `sluice validate`: every diagnostic of the given texts; the filters among them know each other and the built-ins. */
export const command: CommandModule = {
  help: `sluice validate [--dialect libvirt|strict] [--no-builtin] [--json] FILE…|DIR…

Prints FILE:LINE:COLUMN: error|warning|info CODE MESSAGE, then the line and a caret.
A file holds a <filter> or a <filterbinding>; a folder stands for its *.xml. Exit status 1 when there is an error.
`,
  run({ args, json }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { dialect: { type: 'string' }, 'no-builtin': { type: 'boolean' } },
    })
    if (positionals.length === 0) throw new UsageError('a file or a folder is needed')
    const dialect = dialectOf(values.dialect)
    const inputs = readInputs(readSources(positionals))
    const filters = new Map<string, Filter>(values['no-builtin'] ? [] : parsedBuiltins())
    for (const { filter } of inputs) if (filter !== undefined) filters.set(filter.name, filter)
    const texts = new Map(inputs.map(({ source, text }) => [source, text]))
    let failed = false
    for (const input of inputs) {
      const diagnostics = diagnose(input, filters, dialect)
      failed ||= hasErrors(diagnostics)
      for (const diagnostic of diagnostics) {
        const place = texts.has(diagnostic.source) ? diagnostic : { ...diagnostic, span: { start: 0, end: 0 } }
        process.stdout.write(
          json
            ? `${JSON.stringify(toJson(place, input))}\n`
            : `${renderDiagnostic(place, texts.get(place.source) ?? '', place.source)}\n`,
        )
      }
    }
    return failed ? 1 : 0
  },
}

function diagnose(
  input: Input,
  filters: ReadonlyMap<string, Filter>,
  dialect: 'libvirt' | 'strict',
): readonly Diagnostic[] {
  if (input.filter !== undefined) return diagnoseFilter(input.text, input.source, filters)
  if (input.binding === undefined) return input.diagnostics
  return [...input.diagnostics, ...compileBinding({ filters, binding: input.binding, dialect }).diagnostics]
}

function toJson({ severity, code, message, source, span }: Diagnostic, { text }: Input) {
  const start = positionAt(text, span.start)
  const end = positionAt(text, span.end)
  return {
    file: source,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    severity,
    code,
    message,
  }
}
