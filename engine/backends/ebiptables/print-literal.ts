import type { AttributeValue } from '../../protocols/attribute-value.ts'

/** How a value is printed: numbers in decimal or hexadecimal, a DSCP as a TOS byte with these ECN bits, sides of a set swapped. */
export type Style = 'plain' | 'hex' | 'swapped' | { readonly ecn: number }

/** The word a tool takes for a literal value. Spec 5.5, 5.6. */
export function printLiteral(value: AttributeValue, style: Style): string {
  switch (value.kind) {
    case 'number':
      if (style === 'hex') return `0x${value.value.toString(16)}`
      return typeof style === 'object' ? `0x${(value.value * 4 + style.ecn).toString(16)}` : String(value.value)
    case 'prefix-length':
      return String(value.length)
    case 'boolean':
      return String(value.value)
    case 'states':
      return value.words.join(',')
    case 'tcp-flags':
      return `${value.mask} ${value.flags}`
    case 'ipset-flags':
      return value.sides.map((side) => (style === 'swapped' ? (side === 'src' ? 'dst' : 'src') : side)).join(',')
    case 'variable':
      return ''
    default:
      return value.text
  }
}
