import { chmodSync, chownSync, mkdtempSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatText, renderDiagnostic } from '#engine'
import { type CommandModule, UsageError } from '../command.ts'
import { readSources, type SourceText } from '../read-sources.ts'

/** `sluice format`: the given texts in Sluice's formatting. */
export const command: CommandModule = {
  help: `sluice format [--write|--check] [--json] FILE…|DIR…

Prints the texts of FILE… in Sluice's formatting, one behind the other: an element a line, two blanks a level. Comments, the
order and quotes of attributes and single blank lines stay, and what the text means. A folder stands for its *.xml.

  --write   rewrite the files that change, and name each on standard error
  --check   change nothing, name each file that would change; exit status 1 if there is one
  --json    a line for each file: {"file", "changed", "formatted"}; formatted is null where the text has errors

A text with errors is left untouched; they are printed on standard error, and the exit status is 1.
`,
  run({ args, json }) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { write: { type: 'boolean' }, check: { type: 'boolean' } },
    })
    const { write = false, check = false } = values
    if (positionals.length === 0) throw new UsageError('a file or a folder is needed')
    if (write && check) throw new UsageError('--write and --check do not go together')
    let failed = false
    for (const source of readSources(positionals)) {
      const { file, text } = source
      const formatted = format(source)
      const changed = formatted !== undefined && formatted !== text
      failed ||= formatted === undefined || (check && changed)
      if (write && changed) {
        replaceText(file, formatted)
        process.stderr.write(`${file}\n`)
      }
      if (json) process.stdout.write(`${JSON.stringify({ file, changed, formatted: formatted ?? null })}\n`)
      else if (check) process.stdout.write(changed ? `${file}\n` : '')
      else if (!write) process.stdout.write(formatted ?? '')
    }
    return failed ? 1 : 0
  },
}

/** The formatted text; undefined where there are errors, which are printed. */
function format({ file, text, problem }: SourceText): string | undefined {
  const { value, diagnostics } =
    problem === undefined ? formatText(text, file) : { value: undefined, diagnostics: [problem] }
  for (const diagnostic of diagnostics) process.stderr.write(`${renderDiagnostic(diagnostic, text, file)}\n`)
  return value
}

/** Replaces a file's text in one step, so that nobody ever reads half of it. Its owner and mode stay, a link stays a link. */
function replaceText(file: string, text: string): void {
  const target = realpathSync(file)
  const { mode, uid, gid } = statSync(target)
  // A folder of our own beside it: a name that nobody else has, on the same file system.
  const folder = mkdtempSync(join(dirname(target), '.sluice-'))
  try {
    const temporary = join(folder, 'text')
    writeFileSync(temporary, text, { flush: true })
    if (process.getuid?.() === 0) chownSync(temporary, uid, gid)
    chmodSync(temporary, mode & 0o7777)
    renameSync(temporary, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
