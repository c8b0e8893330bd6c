import type { AttributeType, Surprise } from './protocol.ts'

const COMMENT_LENGTH = 256

/** Free text, cut at 256 bytes as libvirt does, but never inside a character. */
export const commentType: AttributeType = {
  expected: `text of at most ${COMMENT_LENGTH} bytes`,
  parse: (text) => ({ kind: 'string', text: cut(text) }),
  surprise: (text) => {
    const kept = cut(text)
    if (kept.length === text.length) return undefined
    return {
      code: 'NWF349',
      message: `libvirt cuts the comment behind its first ${COMMENT_LENGTH} bytes.`,
      instead: undefined,
    }
  },
  encode: (value) => (value.kind === 'string' ? value.text : ''),
  variableLength: undefined,
  words: [],
}

/** True for `true`, `1` and `yes`; everything else is false. */
export const booleanType: AttributeType = {
  expected: 'true or false',
  parse: (text) => ({ kind: 'boolean', value: text === 'true' || text === '1' || text === 'yes' }),
  surprise: sayMisspelt,
  encode: (value) => (value.kind === 'boolean' ? String(value.value) : ''),
  variableLength: undefined,
  words: ['true', 'false'],
}

/** The characters that fit into 256 bytes of UTF-8. */
function cut(text: string): string {
  if (text.length * 3 <= COMMENT_LENGTH) return text
  let bytes = 0
  let end = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (bytes > COMMENT_LENGTH) break
    end += character.length
  }
  return text.slice(0, end)
}

function sayMisspelt(text: string): Surprise | undefined {
  if (/^(?:true|yes|1|false|no|0)$/.test(text)) return undefined
  const instead = /^(?:true|yes|on)$/i.test(text) ? 'true' : /^(?:false|no|off)$/i.test(text) ? 'false' : undefined
  return { code: 'NWF348', message: `libvirt takes “${text}” for false: only true, yes and 1 are true.`, instead }
}
