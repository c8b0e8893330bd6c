import { parseArgs } from 'node:util'
import { compileBinding, type Diagnostic, explainRefused, hasErrors, mergeDiagnostics, type Workspace } from '#engine'
import { type CommandModule, UsageError } from '../command.ts'
import { type DialectName, dialectOf } from '../dialect-of.ts'
import { openFiles } from '../open-files.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { readSources } from '../read-sources.ts'

/** `sluice validate`: every diagnostic of the given texts; the filters among them know each other and the built-ins. */
export const command: CommandModule = {
  help: `sluice validate [--dialect libvirt|strict] [--no-builtin] [--json] FILE…|DIR…

Prints FILE:LINE:COLUMN: error|warning|info CODE MESSAGE, then the line and a caret.
A file holds a <filter>, a <filterbinding>, a <domain> or a <network>; a folder stands for its *.xml.
Bindings and the interfaces of domains are compiled too. Exit status 1 when there is an error.
`,
  run({ args, json }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { dialect: { type: 'string' }, 'no-builtin': { type: 'boolean' } },
    })
    if (positionals.length === 0) throw new UsageError('a file or a folder is needed')
    const dialect = dialectOf(values.dialect)
    const workspace = openFiles(readSources(positionals), { dialect, builtin: !values['no-builtin'] })
    const diagnostics = diagnoseAll(workspace, dialect)
    printDiagnostics(diagnostics, workspace.texts, { json, to: process.stdout })
    return hasErrors(diagnostics) ? 1 : 0
  },
}

/** In the order of the texts; what a binding finds in a filter stands with the filter. */
function diagnoseAll(workspace: Workspace, dialect: DialectName): readonly Diagnostic[] {
  const { filters, bindings, texts } = workspace
  const compiled = bindings.flatMap((binding) => compileBinding({ filters, binding, dialect }).diagnostics)
  const all = mergeDiagnostics([...workspace.diagnostics, ...explainRefused(compiled, workspace)])
  const order = new Map(texts.map(({ source }, at) => [source, at]))
  return all.toSorted((a, b) => (order.get(a.source) ?? texts.length) - (order.get(b.source) ?? texts.length))
}
