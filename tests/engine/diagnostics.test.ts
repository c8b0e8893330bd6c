import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  applyEdits,
  builtinFilters,
  type Diagnostic,
  type DiagnosticCode,
  diagnoseFilter,
  type Filter,
  parseFilter,
  positionAt,
  registry,
} from '#engine'
import { answerRequest } from '../../bin/answer-request.ts'
import { textOfExample } from '../../scripts/generate-docs.ts'
import { diagnoseTexts, sourceOf } from '../support/diagnose-texts.ts'
import { diagnosticCases } from '../support/diagnostic-cases/all-cases.ts'
import type { DiagnosticCase } from '../support/diagnostic-cases/diagnostic-case.ts'
import { onceCases } from '../support/diagnostic-cases/told-once.ts'
import { sluice } from '../support/sluice.ts'

/** Requests that the batch refuses as a whole. */
const REQUESTS: readonly (readonly [DiagnosticCode, line: string, message: string])[] = [
  ['NWF100', '[]', 'The line is no JSON object.'],
  ['NWF100', '{"filters": [1]}', 'filters, bindings and networks are lists of texts.'],
  ['NWF138', '{"backend": "pf"}', 'backend is ebiptables or nftables.'],
  ['NWF138', '{"dialect": "old"}', 'dialect is libvirt or strict.'],
  ['NWF138', '{"networks": ["<network/>"]}', 'This version does not compile networks.'],
]
/** Files by their bytes; a folder cannot be read as a file. */
const FILES: readonly (readonly [DiagnosticCode, bytes: Buffer | undefined, line: string])[] = [
  ['NWF113', Buffer.from(`<filter name='é'/>`, 'latin1'), '1:15: error NWF113 The text is not UTF-8 from here on.'],
  ['NWF139', undefined, '1:1: error NWF139 The file cannot be read: EISDIR.'],
]
const codes = Object.keys(registry) as DiagnosticCode[]

describe.each(diagnosticCases.map((one) => [titleOf(one), one] as const))('%s', (_, one) => {
  const { code, severity, message, at, fixes = [], related = [], beside = [] } = one
  const texts = [one.texts].flat()
  const about = one.about ?? 0
  const text = texts[about] ?? ''
  const told = diagnoseTexts(texts, one.dialect, one.backend)
  const found = told.find((diagnostic) => diagnostic.code === code && diagnostic.source === sourceOf(about))

  test('is told at its place', () => {
    expect(found && describeIn(texts, found)).toEqual({ severity, message, at, related })
    if (beside !== 'more')
      expect(told.filter((diagnostic) => diagnostic !== found).map((other) => other.code)).toEqual(beside)
  })

  test('is mended by each of its fixes, and nothing else breaks', () => {
    expect(found?.fixes.map((fix) => [fix.title, applyEdits(text, [fix])])).toEqual(fixes)
    for (const [, fixed] of fixes) {
      const after = diagnoseTexts(texts.with(about, fixed), one.dialect, one.backend)
      expect(count(after, code), fixed).toBeLessThan(count(told, code))
      const grave = (all: readonly Diagnostic[]) => all.filter((other) => other.severity !== 'info')
      expect(grave(after).filter((other) => count(told, other.code) === 0)).toEqual([])
    }
  })
})

test('a filter by itself is told the same', () => {
  const alone = diagnosticCases.filter(({ texts }) => typeof texts === 'string' && texts.startsWith('<filter '))
  expect(alone.length).toBeGreaterThan(100)
  for (const { texts, dialect = 'libvirt' } of alone) {
    const text = [texts].flat()[0] ?? ''
    const others = new Map(builtinFilters.flatMap(({ name, xml }) => named(parseFilter(xml, name, dialect).value)))
    expect(diagnoseFilter(text, sourceOf(0), others, dialect), text).toEqual(diagnoseTexts([text], dialect))
  }
})

describe('one cause is told once', () => {
  test.each(onceCases.map((one) => [one.what, one] as const))('%s', (_, { texts, dialect, told }) => {
    expect(diagnoseTexts(texts, dialect).map(({ source, code }) => `${source} ${code}`)).toEqual(told)
  })
})

describe('the command line', () => {
  test.each(REQUESTS)('%s: %s', (code, line, message) => {
    expect(answerRequest(line)).toMatchObject({
      ok: false,
      commands: [],
      diagnostics: [{ severity: 'error', code, message, source: 'request', line: 1, column: 1 }],
    })
  })

  test('a line that is no JSON at all is told so', () => {
    const { diagnostics } = answerRequest('{') as { diagnostics: readonly Diagnostic[] }
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^NWF100 The line is no JSON: \S/),
    ])
  })

  test.each(FILES)('%s: a file that is no text', (_, bytes, line) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-diagnostics-'))
    if (bytes === undefined) mkdirSync(join(folder, 'a.xml'))
    else writeFileSync(join(folder, 'a.xml'), bytes)
    const { status, stdout } = sluice(['validate', folder])
    rmSync(folder, { recursive: true })
    expect({ status, line: stdout.split('\n')[0] }).toEqual({ status: 1, line: `${join(folder, 'a.xml')}:${line}` })
  })
})

describe('the registry', () => {
  test('every code has a case', () => {
    const covered = new Set(
      [...diagnosticCases, ...[...REQUESTS, ...FILES].map(([code]) => ({ code }))].map((c) => c.code),
    )
    expect(codes.filter((code) => !covered.has(code))).toEqual([])
  })

  test.each(codes.filter((code) => textOfExample(code) !== undefined))('%s: its example shows it', (code) => {
    expect(diagnoseTexts([textOfExample(code) ?? '']).map((diagnostic) => diagnostic.code)).toContain(code)
  })

  test('an example is prose only where no single short text shows the code', () => {
    const short = diagnosticCases.filter(
      ({ texts, backend }) => typeof texts === 'string' && texts.length < 300 && backend === undefined,
    )
    const prose = codes.filter((code) => textOfExample(code) === undefined)
    expect(prose.filter((code) => short.some((one) => one.code === code))).toEqual([])
  })
})

test('misspelt names of every kind get a guess', () => {
  const guessed = new Set(diagnosticCases.filter(({ message }) => message.includes('Did you mean ')).map((c) => c.code))
  // Elements, attributes, protocols, chains, actions, directions, values, filters and parameters.
  for (const code of [
    'NWF122',
    'NWF123',
    'NWF124',
    'NWF130',
    'NWF133',
    'NWF134',
    'NWF135',
    'NWF201',
    'NWF304',
  ] as const)
    expect(guessed).toContain(code)
})

function titleOf({ code, what, dialect, texts }: DiagnosticCase): string {
  const shown = what ?? JSON.stringify([texts].flat()[0]).slice(0, 80)
  return `${code}${dialect === undefined ? '' : ` in ${dialect}`}: ${shown}`
}

function describeIn(texts: readonly string[], { severity, message, source, span, related }: Diagnostic) {
  const textOf = (name: string) =>
    texts.find((_, at) => sourceOf(at) === name) ??
    builtinFilters.find((builtin) => name === `filter:${builtin.name}`)?.xml ??
    ''
  const text = textOf(source)
  const { line, column } = positionAt(text, span.start)
  return {
    severity,
    message,
    at: [`${line}:${column}`, text.slice(span.start, span.end)],
    related: related.map((place) => textOf(place.source).slice(place.span.start, place.span.end)),
  }
}

function count(diagnostics: readonly Diagnostic[], code: DiagnosticCode): number {
  return diagnostics.filter((diagnostic) => diagnostic.code === code).length
}

function named(filter: Filter | undefined): readonly (readonly [string, Filter])[] {
  return filter === undefined ? [] : [[filter.name, filter]]
}
