import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { findAttribute } from '../xml/access.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import {
  type DecodeContext,
  didYouMean,
  elementRemoval,
  elementSpelling,
  type KnownAttributes,
  say,
  sayUnknownAttributes,
  spellingFix,
} from './decode-context.ts'
import type { FilterRef } from './filter.ts'

const NAME = /^[A-Za-z0-9_]*$/
const PARTS = ['name', 'value']
/** What is likely to be a missing one is told where it is missing. */
const KNOWN: KnownAttributes = { has: (name) => PARTS.includes(name), keys: () => PARTS, required: PARTS }
const VALUE = /^[A-Za-z0-9_.:]+$/

type Parameter = { readonly name: string; readonly value: string; readonly span: Span; readonly valueSpan: Span }

/** The `<parameter>` children of a filterref. What libvirt drops silently is dropped with a warning. Spec 1.5. */
export function decodeParameters(
  element: XmlElement,
  context: DecodeContext,
): Pick<FilterRef, 'parameters' | 'parameterSpans' | 'parameterValueSpans'> {
  const parameters = new Map<string, string[]>()
  const parameterSpans = new Map<string, Span>()
  const parameterValueSpans = new Map<string, Span[]>()
  for (const child of element.children) {
    if (child.kind !== 'element') continue
    if (child.name !== 'parameter') {
      const { guess, fixes } = elementSpelling(child, ['parameter'])
      const message = `<filterref> has no element <${child.name}>; libvirt ignores it.${guess}`
      say(context, 'NWF122', child.nameSpan, message, [...fixes, ...elementRemoval(child)])
      continue
    }
    const parameter = readParameter(child, context)
    if (parameter === undefined) continue
    const { name, value, span, valueSpan } = parameter
    const list = parameters.get(name)
    if (list === undefined) {
      parameters.set(name, [value])
      parameterSpans.set(name, span)
      parameterValueSpans.set(name, [valueSpan])
    } else {
      list.push(value)
      parameterValueSpans.get(name)?.push(valueSpan)
    }
  }
  return { parameters, parameterSpans, parameterValueSpans }
}

/** Name and value; undefined where libvirt drops the parameter. */
function readParameter(element: XmlElement, context: DecodeContext): Parameter | undefined {
  sayUnknownAttributes(context, element, KNOWN)
  const name = findAttribute(element, 'name')
  const value = findAttribute(element, 'value')
  if (name === undefined || value === undefined) sayIncomplete(element, name === undefined ? 'name' : 'value', context)
  else if (!NAME.test(name.value)) {
    const message = 'libvirt drops this parameter: its name may hold only letters, digits and _.'
    say(context, 'NWF303', name.valueSpan, message)
  } else if (!VALUE.test(value.value)) {
    const message = 'libvirt drops this parameter: its value may hold only letters, digits and _ . :'
    say(context, 'NWF303', value.valueSpan, message, mendValue(element, name.value, value))
  } else return { name: name.value, value: value.value, span: name.valueSpan, valueSpan: value.valueSpan }
  return undefined
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
