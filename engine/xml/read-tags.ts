import { endTagFix } from './fix-tags.ts'
import { close, type OpenElement, type Reading, refuse } from './reading.ts'
import { scanStartTag } from './scan-start-tag.ts'

/** libxml2's own limit without XML_PARSE_HUGE. */
const MAX_DEPTH = 256
const END_TAG = /<\/([^\s<>/]*)[ \t\r\n]*(>?)/y
const GREATER = 62

/** A start tag. Undefined where the text nests too deep to go on. */
export function readStartTag(reading: Reading, start: number): number | undefined {
  const tag = scanStartTag(reading, start)
  if (tag === undefined) return refuse(reading, start, start + 1)
  if (reading.stack.length === 0) {
    if (reading.rootSeen)
      reading.say('NWF112', tag.nameSpan.start, tag.nameSpan.end, `A second root element <${tag.name}> is not allowed.`)
    reading.rootSeen = true
  }
  const { name, nameSpan, attributes, end, selfClosing, isBroken } = tag
  const openSpan = { start, end }
  const open: OpenElement = {
    kind: 'element',
    name,
    attributes,
    children: [],
    nameSpan,
    openSpan,
    closeSpan: openSpan,
    span: openSpan,
  }
  if (reading.stack.length >= MAX_DEPTH) {
    reading.say('NWF110', tag.nameSpan.start, tag.nameSpan.end, `More than ${MAX_DEPTH} levels are not accepted.`)
    refuse(reading, start, reading.text.length)
    reading.isCutShort = true
    return undefined
  }
  if (isBroken) reading.broken.add(open)
  if (selfClosing) close(reading, open, end, end)
  else reading.stack.push(open)
  return end
}

/** An end tag; elements left open inside it are closed before it, and told. */
export function readEndTag(reading: Reading, start: number): number {
  const top = reading.stack.at(-1)
  if (top !== undefined && isEndTagOf(top.name, reading.text, start)) {
    reading.stack.pop()
    const end = start + top.name.length + '</>'.length
    close(reading, top, start, end)
    return end
  }
  END_TAG.lastIndex = start
  const found = END_TAG.exec(reading.text)
  const name = found?.[1] ?? ''
  const end = start + (found?.[0].length ?? 2)
  if (found?.[2] !== '>') reading.say('NWF102', start, end, `The end tag </${name}> is not closed with >.`)
  const depth = reading.stack.findLastIndex((open) => open.name === name)
  if (depth === -1) {
    reading.say(
      'NWF102',
      start,
      end,
      reading.stack.length === 0
        ? `</${name}> closes nothing.`
        : `</${name}> does not close <${reading.stack.at(-1)?.name}>.`,
    )
    return refuse(reading, start, end)
  }
  while (reading.stack.length - 1 > depth) {
    const open = reading.stack.pop()
    if (open === undefined) break
    sayOpen(reading, open, `is not closed before </${name}>.`, start)
    close(reading, open, start, start)
  }
  const open = reading.stack.pop()
  if (open !== undefined) close(reading, open, start, end)
  return end
}

/** Tells that an element is not closed where its parent, or the text, goes on at `at`. */
export function sayOpen({ say, broken }: Reading, open: OpenElement, how: string, at: number): void {
  const { start, end } = open.nameSpan
  if (!broken.has(open)) say('NWF101', start, end, `<${open.name}> ${how}`, endTagFix(open, at))
}

/** The end tag that nearly always comes: the innermost element's, without a blank. */
function isEndTagOf(name: string, text: string, start: number): boolean {
  return text.startsWith(name, start + 2) && text.charCodeAt(start + 2 + name.length) === GREATER
}
