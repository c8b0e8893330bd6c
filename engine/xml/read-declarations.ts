import { replacement } from './fix-tags.ts'
import { add, type Reading, refuse } from './reading.ts'

/** What begins with `<!` and is neither: a document type above all, which is refused as a whole. */
export function refuseDoctype(reading: Reading, start: number): number {
  let depth = 0
  let end = start + 2
  for (; end < reading.text.length; end += 1) {
    const c = reading.text[end]
    if (c === '[') depth += 1
    else if (c === ']') depth -= 1
    else if (c === '>' && depth <= 0) break
  }
  end = Math.min(end + 1, reading.text.length)
  if (reading.text.startsWith('<!DOCTYPE', start))
    reading.say(
      'NWF105',
      start,
      end,
      'A document type is not accepted: remove the <!DOCTYPE …>.',
      replacement(start, end, ''),
    )
  else
    reading.say(
      'NWF100',
      start,
      Math.min(start + 2, reading.text.length),
      'This markup is not known: after <! only a comment or CDATA may follow.',
    )
  return refuse(reading, start, end)
}

/** The XML declaration, or a processing instruction, which is refused. */
export function readInstruction(reading: Reading, start: number): number {
  const found = reading.text.indexOf('?>', start)
  const end = found === -1 ? reading.text.length : found + 2
  const body = reading.text.slice(start, end)
  if (found === -1) {
    reading.say('NWF101', start, start + 2, 'The instruction is never closed.')
    reading.isCutShort = true
  } else if (/^<\?xml[ \t\r\n?]/.test(body)) checkDeclaration(reading, start, end, body)
  else {
    const message = 'Processing instructions are not accepted: remove this one.'
    reading.say('NWF108', start, end, message, replacement(start, end, ''))
  }
  add(reading, { kind: 'declaration', span: { start, end } })
  return end
}

function checkDeclaration(reading: Reading, start: number, end: number, body: string): void {
  const parts =
    /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(['"])1\.\d+\1([ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(['"])([A-Za-z][\w.-]*)\3)?([ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(['"])(yes|no)\6)?[ \t\r\n]*\?>$/.exec(
      body,
    )
  if (start !== reading.firstByte)
    reading.say('NWF100', start, end, 'The XML declaration may stand only at the very beginning.')
  else if (parts === null) reading.say('NWF100', start, end, 'The XML declaration is written wrongly.')
  else if (parts[4] !== undefined && !/^(utf-?8|us-ascii|ascii)$/i.test(parts[4])) {
    const at = start + body.indexOf(parts[4], body.indexOf('encoding') + 'encoding'.length)
    const message = `The encoding ${parts[4]} is not accepted: use UTF-8.`
    reading.say('NWF113', at, at + parts[4].length, message, replacement(at, at + parts[4].length, 'UTF-8'))
  }
}
