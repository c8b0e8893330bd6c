import type { AttributeValue } from './attribute-value.ts'
import type { AttributeType } from './protocol.ts'

const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'] as const
/** In the order of their bits, which is libvirt's order of printing. */
const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const
const IPSET_NAME = /^[A-Za-z0-9_.:+ -]{0,31}$/
const MOST_DIRECTIONS = 6

/** Connection states, separated by commas and blanks, in any case. `NONE` wins over all others; an empty text says nothing. Spec 2.1. */
export const stateType: AttributeType = {
  expected: `a list of ${STATES.join(', ')}, or NONE`,
  parse: (text) => {
    const words = wordsOf(text, [...STATES, 'NONE'])
    if (words === undefined) return undefined
    return { kind: 'states', words: words.has('NONE') ? ['NONE'] : STATES.filter((state) => words.has(state)) }
  },
  encode: (value) => (value.kind === 'states' ? value.words.join(',') : ''),
  variableLength: undefined,
  words: [...STATES, 'NONE'],
}

/** `MASK/FLAGS`: of the flags in MASK exactly those in FLAGS are set. An empty side is NONE. Spec 2.1. */
export const tcpFlagsType: AttributeType = {
  expected: `MASK/FLAGS of ${TCP_FLAGS.join(', ')}, ALL or NONE`,
  parse: (text) => {
    const slash = text.indexOf('/')
    if (slash === -1) return undefined
    const [mask, flags] = [text.slice(0, slash), text.slice(slash + 1)].map((side) =>
      wordsOf(side, [...TCP_FLAGS, 'ALL', 'NONE']),
    )
    if (mask === undefined || flags === undefined) return undefined
    return { kind: 'tcp-flags', mask: flagText(mask), flags: flagText(flags) }
  },
  encode: (value) => (value.kind === 'tcp-flags' ? `${value.mask}/${value.flags}` : ''),
  variableLength: undefined,
  words: [],
}

/** Names of ipsets; an empty one is taken. Spec 2.1. */
export const ipsetNameType: AttributeType = {
  expected: 'the name of an ipset: at most 31 letters, digits, blanks and _ . : - +',
  parse: (text) => (IPSET_NAME.test(text) ? { kind: 'string', text } : undefined),
  encode: (value) => (value.kind === 'string' ? value.text : ''),
  variableLength: 31,
  words: [],
}

/** Which address of the packet each dimension of a set is compared with. Spec 2.1. */
export const ipsetFlagsType: AttributeType = {
  expected: 'one to six of src and dst, separated by commas',
  parse: (text): AttributeValue | undefined => {
    const words = text.split(',').map((word) => word.toLowerCase())
    if (words.length > MOST_DIRECTIONS || words.some((word) => word !== 'src' && word !== 'dst')) return undefined
    return { kind: 'ipset-flags', sides: words as ('src' | 'dst')[] }
  },
  encode: (value) => (value.kind === 'ipset-flags' ? value.sides.join(',') : ''),
  variableLength: 31,
  words: ['src', 'dst'],
}

/**
 * The words of a list in upper case; undefined where one is not among the known. libvirt skips commas and the blanks of C between
 * words and needs none: NEWINVALID is two words.
 */
function wordsOf(text: string, known: readonly string[]): ReadonlySet<string> | undefined {
  const word = new RegExp(`[ \\t\\n\\v\\f\\r,]*(${known.join('|')})|[ \\t\\n\\v\\f\\r,]+$`, 'iy')
  const words = new Set<string>()
  while (word.lastIndex < text.length) {
    const found = word.exec(text)
    if (found === null) return undefined
    if (found[1] !== undefined) words.add(found[1].toUpperCase())
  }
  return words
}

function flagText(words: ReadonlySet<string>): string {
  const set = words.has('ALL') ? TCP_FLAGS : TCP_FLAGS.filter((flag) => words.has(flag))
  if (set.length === TCP_FLAGS.length) return 'ALL'
  return set.length === 0 ? 'NONE' : set.join(',')
}
