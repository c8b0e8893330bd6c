import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const PARTS = ['engine', 'agent', 'server', 'bin', 'app', 'components', 'scripts', 'tests', 'e2e', 'bench']
/** Tables of data, which grow with what they describe. */
const TABLES = ['engine/diagnostics/registry.ts', 'engine/dialects/quirks.ts', 'engine/builtin/builtin-filters.ts']
const TABLE_FOLDERS = ['tests/support/diagnostic-cases/']
const LONGEST = 400
const MEDIAN = 80
const LONGEST_ENGINE_FUNCTION = 40

const files = PARTS.flatMap((part) => globSync(`${part}/**/*.{ts,tsx}`, { cwd: root }))
  .filter((file) => !file.includes('generated'))
  .sort()
const lines = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8').trimEnd().split('\n')]))
const engine = files.filter((file) => file.startsWith('engine/'))

describe('the sizes of the house', () => {
  test('no file is longer than 400 lines, but for tables of data', () => {
    expect(files.length).toBeGreaterThan(200)
    const long = files.filter((file) => (lines.get(file)?.length ?? 0) > LONGEST)
    expect(
      long.filter((file) => !TABLES.includes(file) && !TABLE_FOLDERS.some((folder) => file.startsWith(folder))),
    ).toEqual([])
  })

  test('half of the files of the engine have at most 80 lines', () => {
    const sizes = engine.map((file) => lines.get(file)?.length ?? 0).sort((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(MEDIAN)
  })

  test('no function of the engine has more than 40 lines', () => {
    expect(engine.flatMap((file) => longFunctions(file))).toEqual([])
  })

  test('everything that the engine exports says what it is', () => {
    const silent = engine
      .filter((file) => file !== 'engine/index.ts')
      .flatMap((file) =>
        (lines.get(file) ?? []).flatMap((line, at, all) => {
          const isExport = /^export (function|type|const \w+(: [^=]+)? = )/.test(line)
          // Rows of one group share the sentence above the first of them.
          const isDescribed = /\*\/$/.test(all[at - 1] ?? '') || /^export const/.test(all[at - 1] ?? '')
          return isExport && !isDescribed ? [`${file}:${at + 1}`] : []
        }),
      )
    expect(silent).toEqual([])
  })
})

/** Functions declared at the beginning of a line end at the first closing brace there. */
function longFunctions(file: string): readonly string[] {
  const text = lines.get(file) ?? []
  return text.flatMap((line, at) => {
    const name = /^(?:export )?function (\w+)/.exec(line)?.[1]
    if (name === undefined) return []
    const length = text.slice(at).indexOf('}') + 1
    return length > LONGEST_ENGINE_FUNCTION ? [`${file} ${name}: ${length} lines`] : []
  })
}
