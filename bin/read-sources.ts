import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { builtinFilters, type Diagnostic, type Filter, parseFilter, report } from '#engine'
import { UsageError } from './command.ts'

/** A text and where it comes from. `problem` is set when its bytes are not UTF-8. */
export type SourceText = { readonly file: string; readonly text: string; readonly problem: Diagnostic | undefined }

/** Reads files, and the `*.xml` of folders in name order. */
export function readSources(paths: readonly string[]): readonly SourceText[] {
  return paths.flatMap((path) => {
    const status = statSync(path, { throwIfNoEntry: false })
    if (status === undefined) throw new UsageError(`${path} does not exist`)
    if (!status.isDirectory()) return [readSource(path)]
    const names = readdirSync(path).filter((name) => name.endsWith('.xml'))
    return names.sort().map((name) => readSource(join(path, name)))
  })
}

function readSource(file: string): SourceText {
  const bytes = readFileSync(file)
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return { file, text, problem: undefined }
  const start = Math.max(0, text.indexOf('\ufffd'))
  return {
    file,
    text,
    problem: report('NWF113', file, { start, end: start + 1 }, 'The text is not UTF-8 from here on.'),
  }
}

let parsed: ReadonlyMap<string, Filter> | undefined

/** The built-in filters, parsed once. */
export function parsedBuiltins(): ReadonlyMap<string, Filter> {
  parsed ??= new Map(
    builtinFilters
      .flatMap(({ name, xml }) => parseFilter(xml, `filter:${name}`).value ?? [])
      .map((filter) => [filter.name, filter]),
  )
  return parsed
}

/** The text behind a built-in's diagnostics; empty for any other source. */
export function builtinText(source: string): string {
  return builtinFilters.find(({ name }) => source === `filter:${name}`)?.xml ?? ''
}
