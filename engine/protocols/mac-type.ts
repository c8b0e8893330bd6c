import type { AttributeValue } from './attribute-value.ts'
import type { AttributeType, Surprise } from './protocol.ts'

/** Six groups of one digit and their colons. */
const SHORTEST_WITH_TAIL = 11
const NORMAL = /^[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}$/
const MAC = /^((?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2})(?![0-9a-fA-F])(.?)/s

/** A MAC address in libvirt's form (six lower-case two-digit groups), or undefined. Spec 2.1. */
export function normaliseMac(text: string): string | undefined {
  // Nearly every MAC address is written like this, and a large host has many.
  if (NORMAL.test(text)) return text
  const [, mac, next = ''] = MAC.exec(text) ?? []
  // libvirt ignores what follows a blank or a control character.
  if (mac === undefined || (next !== '' && next > ' ' && next !== '\u007f')) return undefined
  return mac
    .split(':')
    .map((group) => group.toLowerCase().padStart(2, '0'))
    .join(':')
}

const encode = (value: AttributeValue) => (value.kind === 'mac' ? value.text : '')

/** MAC addresses. Spec 2.1. */
export const macType: AttributeType = {
  expected: 'a MAC address such as 52:54:00:12:34:56',
  parse: (text) => toValue(normaliseMac(text)),
  surprise: sayTail,
  encode,
  variableLength: 17,
  words: [],
}

/** A MAC address whose bits are ones from the left. */
export const macMaskType: AttributeType = {
  expected: 'a MAC mask of ones from the left, such as ff:ff:ff:00:00:00',
  parse: (text) => {
    const mac = normaliseMac(text)
    return mac !== undefined && isContiguous(mac) ? toValue(mac) : undefined
  },
  surprise: sayTail,
  encode,
  variableLength: 17,
  words: [],
}

/** Six groups and something behind them. */
function sayTail(text: string): Surprise | undefined {
  if (NORMAL.test(text) || text.length <= SHORTEST_WITH_TAIL || !/^[0-9a-fA-F:]+./s.test(text)) return undefined
  const mac = /^(?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}/.exec(text)?.[0] ?? ''
  if (mac === '' || mac.length === text.length) return undefined
  return { code: 'NWF352', message: `libvirt ignores what stands behind ${mac}.`, instead: mac }
}

function toValue(text: string | undefined): AttributeValue | undefined {
  return text === undefined ? undefined : { kind: 'mac', text }
}

function isContiguous(mac: string): boolean {
  const bits = mac.split(':').map((group) => Number.parseInt(group, 16).toString(2).padStart(8, '0'))
  return /^1*0*$/.test(bits.join(''))
}
