import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { AttributeValue, VariableAccess } from '../protocols/attribute-value.ts'
import type { Attribute, AttributeType, Protocol } from '../protocols/protocol.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { type DecodeContext, didYouMean, say, spellingFix } from './decode-context.ts'
import { parseVariableAccess, printVariableAccess } from './variable-access.ts'

/** Where an attribute stands. */
type Place = { readonly element: XmlElement; readonly protocol: Protocol }

/** The type that the dialect reads an attribute by. */
export function typeIn(dialect: Dialect, attribute: Attribute): AttributeType {
  return dialect === 'strict' ? (attribute.strictType ?? attribute.type) : attribute.type
}

/** The value of a written attribute, a variable or of its type; undefined where it is refused, which is told. Spec 2.1, 3.1. */
export function decodeValue(
  attribute: Attribute,
  written: XmlAttribute,
  place: Place,
  context: DecodeContext,
): AttributeValue | undefined {
  if (written.value.startsWith('$')) return decodeVariable(attribute, written, context)
  const type = typeIn(context.dialect, attribute)
  const value = type.parse(written.value)
  if (value === undefined) {
    sayIllegal(attribute, written, place, context)
    return undefined
  }
  const surprise = type.surprise?.(written.value)
  if (surprise !== undefined) {
    const { code, message, instead } = surprise
    const fixes = instead === undefined ? [] : [{ title: `Write ${instead}`, span: written.valueSpan, text: instead }]
    say(context, code, written.valueSpan, message, fixes)
  }
  return value
}

function sayIllegal(attribute: Attribute, written: XmlAttribute, place: Place, context: DecodeContext): void {
  const { value, valueSpan } = written
  if (attribute.strictType?.parse(value) !== undefined) {
    const message = `libvirt reads ${attribute.name} as an IPv4 address even here, and refuses “${value}”.`
    say(context, 'NWF339', valueSpan, message)
    return
  }
  const type = typeIn(context.dialect, attribute)
  const fixes = spellingFix(value, valueSpan, type.words)
  const message = `${attribute.name} has the illegal value “${value}”: it takes ${type.expected}.${didYouMean(fixes)}`
  const mended = [...splitting(attribute, written, place, context.dialect), ...withColons(type, written)]
  say(context, 'NWF135', valueSpan, message, [...fixes, ...mended])
}

/** `10.0.0.0/8` or `20-25` in one attribute, where libvirt has a second one for the mask or the end. */
function splitting(
  attribute: Attribute,
  { value, span }: XmlAttribute,
  { element, protocol }: Place,
  dialect: Dialect,
): readonly Fix[] {
  const second = protocol.attributes.find(
    ({ name, belongsTo }) => belongsTo === attribute.name && !element.attributes.some((given) => given.name === name),
  )
  const [, start, end] = /^([^/]+)\/([^/]+)$/.exec(value) ?? /^([^-:]+)[-:]([^-:]+)$/.exec(value) ?? []
  if (second === undefined || start === undefined || end === undefined) return []
  const isUsual = (of: Attribute, text: string) => {
    const type = typeIn(dialect, of)
    return type.parse(text) !== undefined && type.surprise?.(text) === undefined
  }
  if (!isUsual(attribute, start) || !isUsual(second, end)) return []
  const text = `${attribute.name}='${start}' ${second.name}='${end}'`
  return [{ title: `Split into ${attribute.name} and ${second.name}`, span, text }]
}

/** A MAC address with hyphens. */
function withColons(type: AttributeType, { value, valueSpan }: XmlAttribute): readonly Fix[] {
  const text = value.replaceAll('-', ':')
  if (text === value || type.parse(text)?.kind !== 'mac') return []
  return [{ title: `Write ${text}`, span: valueSpan, text }]
}

function decodeVariable(
  attribute: Attribute,
  written: XmlAttribute,
  context: DecodeContext,
): VariableAccess | undefined {
  const { value: text, valueSpan } = written
  const access = parseVariableAccess(text)
  if (access === undefined) {
    const message = `${attribute.name} has the illegal value “${text}”: a variable looks like $NAME, $NAME[0] or $NAME[@1].`
    say(context, 'NWF135', valueSpan, message)
    return undefined
  }
  const end = text.indexOf(']')
  if (end !== -1 && end !== text.length - 1) {
    const instead = `$${printVariableAccess(access)}`
    const fixes = [{ title: `Write ${instead}`, span: valueSpan, text: instead }]
    say(context, 'NWF352', valueSpan, `libvirt ignores what stands behind ${text.slice(0, end + 1)}.`, fixes)
  }
  if (access.access === 'index' && text.includes('-'))
    say(context, 'NWF351', valueSpan, `libvirt takes the negative index for ${access.id}.`)
  return access
}
