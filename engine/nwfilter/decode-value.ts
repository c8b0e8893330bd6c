import type { Dialect } from '../dialects/dialect.ts'
import type { AttributeValue, VariableAccess } from '../protocols/attribute-value.ts'
import type { Attribute, AttributeType } from '../protocols/protocol.ts'
import type { XmlAttribute } from '../xml/document.ts'
import { type DecodeContext, didYouMean, say, spellingFix } from './decode-context.ts'
import { parseVariableAccess, printVariableAccess } from './variable-access.ts'

/** The type that the dialect reads an attribute by. */
export function typeIn(dialect: Dialect, attribute: Attribute): AttributeType {
  return dialect === 'strict' ? (attribute.strictType ?? attribute.type) : attribute.type
}

/** The value of a written attribute, a variable or of its type; undefined where it is refused, which is told. Spec 2.1, 3.1. */
export function decodeValue(
  attribute: Attribute,
  written: XmlAttribute,
  context: DecodeContext,
): AttributeValue | undefined {
  if (written.value.startsWith('$')) return decodeVariable(attribute, written, context)
  const type = typeIn(context.dialect, attribute)
  const value = type.parse(written.value)
  if (value === undefined) return refuse(attribute, type, written, context)
  const surprise = type.surprise?.(written.value)
  if (surprise !== undefined) {
    const { code, message, instead } = surprise
    const fixes = instead === undefined ? [] : [{ title: `Write ${instead}`, span: written.valueSpan, text: instead }]
    say(context, code, written.valueSpan, message, fixes)
  }
  return value
}

function refuse(attribute: Attribute, type: AttributeType, written: XmlAttribute, context: DecodeContext): undefined {
  if (attribute.strictType?.parse(written.value) !== undefined) {
    const message = `libvirt reads ${attribute.name} as an IPv4 address even here, and refuses “${written.value}”.`
    say(context, 'NWF339', written.valueSpan, message)
    return undefined
  }
  const fixes = spellingFix(written.value, written.valueSpan, type.words)
  const message = `${attribute.name} has the illegal value “${written.value}”: ${type.expected} is expected.${didYouMean(fixes)}`
  say(context, 'NWF135', written.valueSpan, message, fixes)
  return undefined
}

function decodeVariable(
  attribute: Attribute,
  written: XmlAttribute,
  context: DecodeContext,
): VariableAccess | undefined {
  const { value: text, valueSpan } = written
  const access = parseVariableAccess(text)
  if (access === undefined) {
    const message = `${attribute.name} has the illegal value “${text}”: a variable such as $NAME, $NAME[0] or $NAME[@1] is expected.`
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
