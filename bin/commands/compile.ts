import { parseArgs } from 'node:util'
import { hasErrors, renderDiagnostic } from '#engine'
import { type CommandModule, UsageError } from '../command.ts'
import { compileBatch } from '../compile-batch.ts'
import { compileStage, isStage, STAGES } from '../compile-stage.ts'
import { dialectOf } from '../dialect-of.ts'
import { readInputs } from '../read-inputs.ts'
import { readSources } from '../read-sources.ts'
import { writeResults } from '../write-results.ts'

/** `sluice compile`: any stage of the compiler, for files or in batch. */
export const command: CommandModule = {
  help: `sluice compile [--backend ebiptables] [--dialect libvirt|strict] [--stage STAGE] [--out DIR] [--no-builtin] [--json] FILE…|DIR…
sluice compile --jsonl

Compiles the bindings among the files with the filters among them; the built-in filters are known unless --no-builtin.
Stages: ${STAGES.join(' ')} (default text: the commands libvirt runs, one a line).
--out DIR writes one file a result instead of printing. --jsonl answers one JSON object for each line of standard input.
`,
  async run({ args, json }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        backend: { type: 'string' },
        dialect: { type: 'string' },
        stage: { type: 'string' },
        out: { type: 'string' },
        jsonl: { type: 'boolean' },
        'no-builtin': { type: 'boolean' },
      },
    })
    if (values.jsonl) return compileBatch(process.stdin, process.stdout)
    const stage = values.stage ?? 'text'
    if (!isStage(stage)) throw new UsageError(`--stage is one of ${STAGES.join(', ')}`)
    if (values.backend !== undefined && values.backend !== 'ebiptables')
      throw new UsageError('this version compiles for the backend ebiptables')
    if (positionals.length === 0) throw new UsageError('a file or a folder is needed')
    const inputs = readInputs(readSources(positionals))
    const { results, diagnostics } = compileStage(inputs, {
      stage,
      dialect: dialectOf(values.dialect),
      builtin: !values['no-builtin'],
    })
    for (const { diagnostic, text } of diagnostics)
      process.stderr.write(`${renderDiagnostic(diagnostic, text, diagnostic.source)}\n`)
    if (hasErrors(diagnostics.map(({ diagnostic }) => diagnostic))) return 1
    writeResults(results, { json, out: values.out })
    return 0
  },
}
