import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type Dialect, encodeFilter, parseFilter } from '#engine'
import { type AppendixRow, appendixRows, type Result } from '../support/appendix-b-rows.ts'
import { compileIn, ruleLines } from '../support/compile-in.ts'
import { askOracle, type OracleCase, oracleMissing } from '../support/oracle.ts'
import { splitCommand } from '../support/split-command.ts'

/**
 * The edge vectors of the specification, one by one, with both dialects side by side: what libvirt makes of a rule, and whether
 * strict makes the same of it, mends it, or refuses it and with which code.
 */

/** The specification is no part of this checkout. */
const SPECIFICATION = resolve(import.meta.dirname, '../../../shared/spec/nwfilter-spec.md')
const hasSpecification = existsSync(SPECIFICATION)
if (!hasSpecification)
  console.log(
    'skipped: whether no row of Appendix B is left out, because the specification is not beside this checkout',
  )
if (oracleMissing !== undefined) console.log(`skipped: Appendix B against libvirt, because ${oracleMissing}`)

for (const row of appendixRows)
  test(nameOf(row), () => {
    const expected = { libvirt: row.libvirt, strict: row.strict === 'same' ? row.libvirt : row.strict }
    expect({ libvirt: resultIn('libvirt', row), strict: resultIn('strict', row) }).toEqual(expected)
    const { value } = parseFilter(textOf(row), 'filter')
    if (row.canonical !== undefined) expect(value && linesInside(encodeFilter(value))).toEqual(row.canonical)
  })

test.skipIf(oracleMissing !== undefined)('libvirt itself says the same of every row', () => {
  const answers = askOracle(appendixRows.map(caseOf))
  for (const [at, row] of appendixRows.entries()) {
    const { ok, commands = [], canonical = [] } = answers[at] ?? {}
    const lines = ok ? ruleLines(commands.map(splitCommand)) : undefined
    expect(lines, nameOf(row)).toEqual('refused' in row.libvirt ? undefined : row.libvirt)
    if (row.canonical !== undefined) expect(linesInside(canonical[0] ?? ''), nameOf(row)).toEqual(row.canonical)
  }
})

test.skipIf(!hasSpecification)('no row of Appendix B is left out', () => {
  const [, appendix = ''] = readFileSync(SPECIFICATION, 'utf8').split('\n# Appendix B')
  const rows = [...appendix.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, cell = '']) => cell.replaceAll('`', ''))
  const inputs = rows.filter((cell) => !cell.startsWith('input '))
  expect(inputs.length).toBeGreaterThan(0)
  expect([...new Set(appendixRows.map(({ row }) => row))]).toEqual(inputs)
})

/** A row that stands for several cases has one name more for each. */
function nameOf({ row, written }: AppendixRow): string {
  const isShared = appendixRows.filter((other) => other.row === row).length > 1
  return isShared ? `${row}: ${written}` : row
}

function resultIn(dialect: Dialect, row: AppendixRow): Result {
  const { commands, errors } = compileIn(dialect, caseOf(row))
  return commands === undefined ? { refused: errors } : ruleLines(commands)
}

function caseOf(row: AppendixRow): OracleCase {
  return { filters: [textOf(row)], variables: row.variables ?? [] }
}

function textOf({ row, written = row }: AppendixRow): string {
  const [, action, direction, attributes = '', elements] = /^(\w+) (\w+) ([^<]*)(<.*)$/.exec(written) ?? []
  if (elements === undefined) throw new Error(`no rule can be read from ${written}`)
  return `<filter name='row'><rule action='${action}' direction='${direction}' ${attributes}>${elements}</rule></filter>`
}

/** The element lines of the only rule of a canonical text. */
function linesInside(canonical: string): readonly string[] {
  return canonical.split('\n').flatMap((line) => (line.startsWith('    ') ? [line.trim()] : []))
}
