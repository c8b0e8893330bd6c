import type { AttributeValue } from './attribute-value.ts'
import type { AttributeType, Surprise } from './protocol.ts'

type NumberOptions = {
  readonly bits: 8 | 16 | 32
  readonly min?: number
  readonly max?: number
  readonly names?: Readonly<Record<string, number>>
  /** Hexadecimal is refused. */
  readonly decimalOnly?: true
}

const DECIMAL = /^[ \t\n\v\f\r]*([+-]?)(\d+)$/
const HEXADECIMAL = /^[ \t\n\v\f\r]*([+-]?)(?:0[xX])?([0-9a-fA-F]+)$/

/** Whole numbers: decimal, else hexadecimal with or without `0x`; or a name in any case. Spec 2.1. */
export function numberType({ bits, min = 0, max, names = {}, decimalOnly }: NumberOptions): AttributeType {
  const largest = 2 ** bits - 1
  const top = max ?? largest
  const words = Object.keys(names)
  const parse = (text: string): AttributeValue | undefined => {
    const decimal = readUnsigned(DECIMAL.exec(text), 10)
    const value = decimal ?? (decimalOnly ? undefined : readUnsigned(HEXADECIMAL.exec(text), 16))
    if (value === undefined) {
      const word = words.find((name) => name.toLowerCase() === text.toLowerCase())
      return word === undefined ? undefined : { kind: 'number', value: names[word] ?? 0, base: 10, name: word }
    }
    if (value > largest || value < min || value > top) return undefined
    const name = words.find((word) => names[word] === value)
    return { kind: 'number', value, base: decimal === undefined ? 16 : 10, name }
  }
  const encode = (value: AttributeValue) => {
    if (value.kind !== 'number') return ''
    return value.name ?? (value.base === 16 ? `0x${value.value.toString(16)}` : String(value.value))
  }
  const range = `a number from ${min} to ${top}`
  return {
    expected: words.length === 0 ? range : `${range}, or one of ${words.join(', ')}`,
    parse,
    surprise: (text) => sayNegative(text, parse),
    encode,
    variableLength: 20,
    words,
  }
}

/** `-1` is a number that libvirt wraps around; `-0` is nothing to talk about. */
function sayNegative(text: string, parse: AttributeType['parse']): Surprise | undefined {
  if (!text.includes('-') || !/^[ \t\n\v\f\r]*-(?:0[xX])?0*[1-9a-fA-F]/.test(text)) return undefined
  const value = parse(text)
  const number = value?.kind === 'number' ? value.value : undefined
  return {
    code: 'NWF351',
    message: `libvirt wraps the negative number “${text.trim()}” around modulo 2³²: it becomes ${number}.`,
    instead: undefined,
  }
}

/** The value as C's unsigned parser gives it: a minus sign wraps modulo 2³². Undefined where it does not fit 32 bits. */
function readUnsigned(match: RegExpExecArray | null, base: 10 | 16): number | undefined {
  if (match === null) return undefined
  const magnitude = Number.parseInt(match[2] ?? '', base)
  if (!(magnitude <= 0xffffffff)) return undefined
  return match[1] === '-' && magnitude !== 0 ? 2 ** 32 - magnitude : magnitude
}
