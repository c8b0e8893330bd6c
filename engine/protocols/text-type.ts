import { cutText } from './cut-text.ts'
import type { AttributeType, Surprise } from './protocol.ts'

const COMMENT_LENGTH = 256

/** Free text, cut at 256 bytes as libvirt does, but never inside a character. */
export const commentType: AttributeType = {
  expected: `text of at most ${COMMENT_LENGTH} bytes`,
  parse: (text) => ({ kind: 'string', text: cutText(text, COMMENT_LENGTH) }),
  surprise: (text) => {
    const kept = cutText(text, COMMENT_LENGTH)
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

function sayMisspelt(text: string): Surprise | undefined {
  if (/^(?:true|yes|1|false|no|0)$/.test(text)) return undefined
  const instead = /^(?:true|yes|on)$/i.test(text) ? 'true' : /^(?:false|no|off)$/i.test(text) ? 'false' : undefined
  return { code: 'NWF348', message: `libvirt takes “${text}” for false: only true, yes and 1 are true.`, instead }
}
