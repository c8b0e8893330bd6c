import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { type DecodeContext, didYouMean, elementRemoval, elementSpelling, say, spellingFix } from './decode-context.ts'
import type { FilterRef } from './filter.ts'

const NAME = /^[A-Za-z0-9_]*$/
const VALUE = /^[A-Za-z0-9_.:]+$/

/** The `<parameter>` children of a filterref. What libvirt drops silently is dropped with a warning. Spec 1.5. */
export function decodeParameters(
  element: XmlElement,
  context: DecodeContext,
): Pick<FilterRef, 'parameters' | 'parameterSpans'> {
  const parameters = new Map<string, string[]>()
  const parameterSpans = new Map<string, Span>()
  for (const child of element.children) {
    if (child.kind !== 'element') continue
    if (child.name !== 'parameter') {
      const { guess, fixes } = elementSpelling(child, ['parameter'])
      const message = `<filterref> has no element <${child.name}>; libvirt ignores it.${guess}`
      say(context, 'NWF122', child.nameSpan, message, [...fixes, ...elementRemoval(child)])
      continue
    }
    const name = child.attributes.find((attribute) => attribute.name === 'name')
    const value = child.attributes.find((attribute) => attribute.name === 'value')
    if (name === undefined || value === undefined) {
      sayIncomplete(child, name === undefined ? 'name' : 'value', context)
    } else if (!NAME.test(name.value)) {
      say(
        context,
        'NWF303',
        name.valueSpan,
        `libvirt drops this parameter: its name may hold only letters, digits and _.`,
      )
    } else if (!VALUE.test(value.value)) {
      say(
        context,
        'NWF303',
        value.valueSpan,
        `libvirt drops this parameter: its value may hold only letters, digits and _ . :`,
        mendValue(child, name.value, value),
      )
    } else {
      const list = parameters.get(name.value)
      if (list === undefined) {
        parameters.set(name.value, [value.value])
        parameterSpans.set(name.value, name.valueSpan)
      } else list.push(value.value)
    }
  }
  return { parameters, parameterSpans }
}

function sayIncomplete(element: XmlElement, missing: 'name' | 'value', context: DecodeContext): void {
  const slips = element.attributes.filter(({ name }) => name !== 'name' && name !== 'value')
  const fixes = slips.flatMap(({ name, nameSpan }) => spellingFix(name, nameSpan, [missing])).slice(0, 1)
  const message = `libvirt drops this parameter: it needs the attribute ${missing}.${didYouMean(fixes)}`
  say(context, 'NWF303', fixes[0]?.span ?? element.openSpan, message, fixes)
}

/** A list becomes a parameter for each value, a MAC address gets the colons that libvirt wants. */
function mendValue(element: XmlElement, name: string, { value, valueSpan }: XmlAttribute): readonly Fix[] {
  const isMac = /^(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}$/.test(value)
  if (isMac) {
    const text = value.replaceAll('-', ':')
    return [{ title: `Write ${text}`, span: valueSpan, text }]
  }
  const values = value.split(/[ ,;]+/).filter((one) => one !== '')
  if (values.length < 2 || !values.every((one) => VALUE.test(one))) return []
  const text = values.map((one) => `<parameter name='${name}' value='${one}'/>`).join('')
  return [{ title: 'Write a parameter for each value', span: element.span, text }]
}
