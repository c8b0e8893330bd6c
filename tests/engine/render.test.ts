import { describe, expect, test } from 'vitest'
import { type Diagnostic, positionAt, positionsIn, renderDiagnostic, report } from '#engine'

const at = (text: string, word: string): Diagnostic => {
  const start = text.indexOf(word)
  return report('NWF135', 'a.xml', { start, end: start + word.length }, 'It is wrong.')
}

describe('a finding as people read it', () => {
  test('file, line, column, severity, code and message, then the line and a caret', () => {
    const text = '<a>\n\t<b c="d"/>\n</a>'
    expect(renderDiagnostic(at(text, 'd'), text, 'a.xml')).toBe(
      'a.xml:2:8: error NWF135 It is wrong.\n\t<b c="d"/>\n\t      ^',
    )
  })

  test('a place over several lines is marked to the end of its first', () => {
    const text = 'one two\nthree'
    expect(renderDiagnostic(at(text, 'two\nthree'), text, 'a.xml').split('\n').slice(1)).toEqual(['one two', '    ^^^'])
  })

  test('an empty place has a caret, also behind the end of the text', () => {
    const nowhere = report('NWF111', 'a.xml', { start: 99, end: 99 }, 'Nothing.')
    expect(renderDiagnostic(nowhere, 'ab', 'a.xml')).toBe('a.xml:1:3: error NWF111 Nothing.\nab\n  ^')
  })

  test('of a very long line the part around the place is shown', () => {
    const text = `${'a'.repeat(500)}!${'b'.repeat(500)}`
    const [, shown = '', caret = ''] = renderDiagnostic(at(text, '!'), text, 'a.xml').split('\n')
    expect(shown).toHaveLength(160)
    expect(shown[caret.indexOf('^')]).toBe('!')
  })

  test('characters that would steer a terminal are not printed', () => {
    const text = 'x \u001b[31mred\u0007 y\r\nz'
    expect(renderDiagnostic(at(text, 'x'), text, 'a.xml').split('\n')[1]).toBe('x \ufffd[31mred\ufffd y')
  })

  test('other places and fixes follow; places nobody knows are left out', () => {
    const text = 'one two'
    const related = ['b.xml', 'unknown'].map((source) => ({ source, span: { start: 2, end: 3 }, message: 'look here' }))
    const fixes = [{ title: 'Use 2', span: { start: 4, end: 7 }, text: '2' }]
    const diagnostic = { ...at(text, 'two'), severity: 'info' as const, related, fixes }
    const placeOf = (source: string) => (source === 'b.xml' ? { text: '1\n2', file: 'b.xml' } : undefined)
    expect(renderDiagnostic(diagnostic, text, 'a.xml', { placeOf }).split('\n').slice(3)).toEqual([
      ' b.xml:2:1: look here',
      ' fix: Use 2',
    ])
    const coloured = renderDiagnostic(diagnostic, text, 'a.xml', { placeOf, colour: true })
    expect(coloured).toContain('\u001b[36minfo\u001b[0m NWF135')
    expect(coloured).toContain('\u001b[2m fix: Use 2\u001b[0m')
  })
})

test('lines and columns begin at 1, and places outside are those of the ends', () => {
  const text = 'ab\n\ncd'
  const places = [-1, 0, 2, 3, 4, 6, 7].map((offset) => positionAt(text, offset))
  expect(places.map(({ line, column }) => `${line}:${column}`)).toEqual([
    '1:1',
    '1:1',
    '1:3',
    '2:1',
    '3:1',
    '3:3',
    '3:3',
  ])
  const positionOf = positionsIn(text)
  expect([-1, 0, 2, 3, 4, 6, 7].map(positionOf)).toEqual(places)
  expect(positionAt('', 5)).toEqual({ line: 1, column: 1 })
})
