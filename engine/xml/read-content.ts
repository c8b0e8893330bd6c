import { replacement } from './fix-tags.ts'
import { sayForbidden } from './forbidden-characters.ts'
import { add, type Reading, refuse } from './reading.ts'
import { type ReferenceProblem, resolveReferences } from './resolve-references.ts'
import { skipBlanks } from './skip.ts'

/** Text up to the next tag. */
export function readText(reading: Reading, start: number): number {
  const next = reading.text.indexOf('<', start)
  const end = next === -1 ? reading.text.length : next
  const raw = reading.text.slice(start, end)
  if (skipBlanks(reading.text, start) === end && !raw.includes('\r')) {
    add(reading, { kind: 'text', value: raw, span: { start, end } })
    return end
  }
  sayForbidden(reading, raw, start)
  if (reading.stack.length === 0) {
    const first = raw.search(/[^ \t\r\n]/)
    const last = start + raw.replace(/[ \t\r\n]+$/, '').length
    if (first !== -1) reading.say('NWF112', start + first, last, 'Text may not stand outside the root element.')
  } else {
    const ending = raw.indexOf(']]>')
    if (ending !== -1) {
      const at = start + ending
      reading.say('NWF107', at, at + 3, 'The sequence ]]> is not allowed in text.', replacement(at, at + 3, ']]&gt;'))
    }
  }
  const problems: ReferenceProblem[] = []
  const value = resolveReferences(raw.replace(/\r\n?/g, '\n'), start, problems)
  if (reading.stack.length > 0) reading.sayReferences(problems)
  add(reading, { kind: 'text', value, span: { start, end } })
  return end
}

/** A comment; an open one swallows the rest. */
export function readComment(reading: Reading, start: number): number {
  const end = reading.text.indexOf('-->', start + 4)
  if (end === -1) {
    reading.say('NWF101', start, start + 4, 'The comment is never closed.')
    reading.isCutShort = true
    return refuse(reading, start, reading.text.length)
  }
  const body = reading.text.slice(start + 4, end)
  const hyphens = body.indexOf('--')
  if (hyphens !== -1)
    reading.say('NWF107', start + 4 + hyphens, start + 6 + hyphens, 'Two hyphens may not stand inside a comment.')
  else if (body.endsWith('-')) reading.say('NWF107', end - 1, end, 'A comment may not end with a hyphen.')
  sayForbidden(reading, body, start + 4)
  add(reading, { kind: 'comment', span: { start, end: end + 3 } })
  return end + 3
}

/** A CDATA section. */
export function readCdata(reading: Reading, start: number): number {
  const end = reading.text.indexOf(']]>', start)
  if (end === -1 || reading.stack.length === 0) {
    reading.say(
      end === -1 ? 'NWF101' : 'NWF112',
      start,
      start + 9,
      end === -1 ? 'The CDATA section is never closed.' : 'CDATA may not stand outside the root element.',
    )
    if (end === -1) reading.isCutShort = true
    return refuse(reading, start, end === -1 ? reading.text.length : end + 3)
  }
  const value = reading.text.slice(start + 9, end)
  sayForbidden(reading, value, start + 9)
  add(reading, { kind: 'cdata', value, span: { start, end: end + 3 } })
  return end + 3
}
