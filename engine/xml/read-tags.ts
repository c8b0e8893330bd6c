import { close, type OpenElement, type Reading, refuse, sayReferences } from './reading.ts'
import { scanStartTag } from './scan-start-tag.ts'

/** libxml2's own limit without XML_PARSE_HUGE. */
const MAX_DEPTH = 256

/** A start tag. Undefined where the text nests too deep to go on. */
export function readStartTag(reading: Reading, start: number): number | undefined {
  const tag = scanStartTag(reading.text, start, reading.say, (problems) => sayReferences(reading, problems))
  if (tag === undefined) return refuse(reading, start, start + 1)
  if (reading.stack.length === 0) {
    if (reading.rootSeen)
      reading.say('NWF112', tag.nameSpan.start, tag.nameSpan.end, `A second root element <${tag.name}> is not allowed.`)
    reading.rootSeen = true
  }
  const { end, selfClosing, ...rest } = tag
  const open: OpenElement = { node: { kind: 'element', ...rest, openSpan: { start, end } }, children: [] }
  if (reading.stack.length >= MAX_DEPTH) {
    reading.say('NWF110', tag.nameSpan.start, tag.nameSpan.end, `More than ${MAX_DEPTH} levels are not accepted.`)
    refuse(reading, start, reading.text.length)
    return undefined
  }
  if (selfClosing) close(reading, open, end, end)
  else reading.stack.push(open)
  return end
}

/** An end tag; elements left open inside it are closed before it, and told. */
export function readEndTag(reading: Reading, start: number): number {
  const match = /<\/([^\s<>/]*)[ \t\r\n]*(>?)/y
  match.lastIndex = start
  const found = match.exec(reading.text)
  const name = found?.[1] ?? ''
  const end = start + (found?.[0].length ?? 2)
  if (found?.[2] !== '>') reading.say('NWF102', start, end, `The end tag </${name}> is not closed with >.`)
  const depth = reading.stack.findLastIndex((open) => open.node.name === name)
  if (depth === -1) {
    reading.say(
      'NWF102',
      start,
      end,
      reading.stack.length === 0
        ? `</${name}> closes nothing.`
        : `</${name}> does not close <${reading.stack.at(-1)?.node.name}>.`,
    )
    return refuse(reading, start, end)
  }
  while (reading.stack.length - 1 > depth) {
    const open = reading.stack.pop()
    if (open === undefined) break
    reading.say(
      'NWF101',
      open.node.nameSpan.start,
      open.node.nameSpan.end,
      `<${open.node.name}> is not closed before </${name}>.`,
    )
    close(reading, open, start, start)
  }
  const open = reading.stack.pop()
  if (open !== undefined) close(reading, open, start, end)
  return end
}
