import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { builtinFilters, type Diagnostic, type Dialect, type Filter, parseFilter, report } from '#engine'
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
  const bytes = readBytes(file)
  if (typeof bytes === 'string')
    return {
      file,
      text: '',
      problem: report('NWF139', file, { start: 0, end: 0 }, `The file cannot be read: ${bytes}.`),
    }
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return { file, text, problem: undefined }
  const start = Math.max(0, text.indexOf('\ufffd'))
  return {
    file,
    text,
    problem: report('NWF113', file, { start, end: start + 1 }, 'The text is not UTF-8 from here on.'),
  }
}

/** The bytes of a file, or why there are none. */
function readBytes(file: string): Buffer | string {
  try {
    return readFileSync(file)
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

const parsed = new Map<Dialect, ReadonlyMap<string, Filter>>()

/** The built-in filters as a dialect reads them, parsed once. */
export function parsedBuiltins(dialect: Dialect): ReadonlyMap<string, Filter> {
  const known = parsed.get(dialect)
  if (known !== undefined) return known
  const filters = builtinFilters.flatMap(({ name, xml }) => parseFilter(xml, `filter:${name}`, dialect).value ?? [])
  const byName = new Map(filters.map((filter) => [filter.name, filter]))
  parsed.set(dialect, byName)
  return byName
}

/** The text behind a built-in's diagnostics; empty for any other source. */
export function builtinText(source: string): string {
  return builtinFilters.find(({ name }) => source === `filter:${name}`)?.xml ?? ''
}
