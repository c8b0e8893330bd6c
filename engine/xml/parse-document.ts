import type { Source, Staged } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { XmlDocument } from './document.ts'
import { readCdata, readComment, readText } from './read-content.ts'
import { readInstruction, refuseDoctype } from './read-declarations.ts'
import { readEndTag, readStartTag, sayOpen } from './read-tags.ts'
import { close, type Reading, startReading } from './reading.ts'

const MAX_LENGTH = 5_000_000

/**
 * Parses XML into a document in which every element, attribute and value has its span. Reads on after an error, so that an
 * editor keeps an outline; accepts what libxml2 accepts, except document types, other entities and processing instructions.
 * The value is undefined only for a text that is too large.
 */
export function parseDocument(text: string, source: Source): Staged<XmlDocument> {
  if (text.length > MAX_LENGTH) {
    const message = `The text has ${text.length} characters; at most ${MAX_LENGTH} are read.`
    return { value: undefined, diagnostics: [report('NWF109', source, { start: 0, end: 0 }, message)] }
  }
  const reading = startReading(text, source)
  let at: number | undefined = reading.firstByte
  while (at !== undefined && at < text.length) at = readNext(reading, at)
  for (let open = reading.stack.pop(); open !== undefined; open = reading.stack.pop()) {
    if (!reading.isCutShort) sayOpen(reading, open, 'is never closed.', text.length)
    close(reading, open, text.length, text.length)
  }
  const { nodes, root, rootSeen, diagnostics } = reading
  if (!rootSeen && diagnostics.length === 0) reading.say('NWF111', 0, text.length, 'The document has no root element.')
  return { value: { kind: 'document', text, nodes, root }, diagnostics }
}

/** Reads what begins here. Where the next thing begins; undefined where reading cannot go on. */
function readNext(reading: Reading, at: number): number | undefined {
  const { text } = reading
  if (text[at] !== '<') return readText(reading, at)
  if (text.startsWith('<!--', at)) return readComment(reading, at)
  if (text.startsWith('<![CDATA[', at)) return readCdata(reading, at)
  if (text.startsWith('<!', at)) return refuseDoctype(reading, at)
  if (text.startsWith('<?', at)) return readInstruction(reading, at)
  if (text.startsWith('</', at)) return readEndTag(reading, at)
  return readStartTag(reading, at)
}
