import { parseArgs } from 'node:util'
import { hasErrors } from '#engine'
import { type CommandModule, UsageError } from '../command.ts'
import { compileBatch } from '../compile-batch.ts'
import { compileStage, isStage, STAGES } from '../compile-stage.ts'
import { dialectOf } from '../dialect-of.ts'
import { openFiles } from '../open-files.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { readSets } from '../read-sets.ts'
import { readSources } from '../read-sources.ts'
import { writeResults } from '../write-results.ts'

/** `sluice compile`: any stage of the compiler, for files or in batch. */
export const command: CommandModule = {
  help: `sluice compile [--backend ebiptables|nftables] [--dialect libvirt|strict] [--stage STAGE] [--sets FILE] [--out DIR] [--no-builtin] [--json] FILE…|DIR…
sluice compile --jsonl

Compiles the bindings and the interfaces of domains among the files with the filters among them; the built-in filters are known unless --no-builtin.
Stages: ${STAGES.join(' ')} (default text: the commands libvirt runs, one a line; for nftables the one\ntransaction that brings any state of the kernel to this one).
--sets FILE holds ipsets as \`ipset save\` writes them: rules of the backend nftables look into sets of Sluice's own made of them.
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
        sets: { type: 'string' },
        out: { type: 'string' },
        jsonl: { type: 'boolean' },
        'no-builtin': { type: 'boolean' },
      },
    })
    if (values.jsonl) return compileBatch(process.stdin, process.stdout)
    const stage = values.stage ?? 'text'
    if (!isStage(stage)) throw new UsageError(`--stage is one of ${STAGES.join(', ')}`)
    const { backend = 'ebiptables' } = values
    if (backend !== 'ebiptables' && backend !== 'nftables')
      throw new UsageError(`--backend is ebiptables or nftables, not ${backend}`)
    if (positionals.length === 0) throw new UsageError('a file or a folder is needed')
    const dialect = dialectOf(values.dialect)
    const workspace = openFiles(readSources(positionals), { dialect, builtin: !values['no-builtin'] })
    const sets = readSets(values.sets)
    const { results, diagnostics } = compileStage(workspace, stage, { backend, dialect, ipsets: sets.ipsets })
    const found = [...sets.diagnostics, ...diagnostics]
    printDiagnostics(found, [...workspace.texts, ...sets.texts], { json: false, to: process.stderr })
    if (hasErrors(found)) return 1
    if (results.length === 0 && stage === 'text')
      process.stderr.write('sluice: there is no binding among the files, and so nothing to install\n')
    writeResults(results, { json, out: values.out })
    return 0
  },
}
