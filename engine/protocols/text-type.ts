import type { AttributeType } from './protocol.ts'

const COMMENT_LENGTH = 256

/** Free text, cut at 256 characters as libvirt does. */
export const commentType: AttributeType = {
  expected: 'text of at most 256 characters',
  parse: (text) => ({ kind: 'string', text: text.slice(0, COMMENT_LENGTH) }),
  encode: (value) => (value.kind === 'string' ? value.text : ''),
  variableLength: undefined,
  words: [],
}

/** True for `true`, `1` and `yes`; everything else is false. */
export const booleanType: AttributeType = {
  expected: 'true or false',
  parse: (text) => ({ kind: 'boolean', value: text === 'true' || text === '1' || text === 'yes' }),
  encode: (value) => (value.kind === 'boolean' ? String(value.value) : ''),
  variableLength: undefined,
  words: ['true', 'false'],
}
