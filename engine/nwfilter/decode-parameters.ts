import type { Span } from '../diagnostics/span.ts'
import type { XmlElement } from '../xml/document.ts'
import { type DecodeContext, say } from './decode-context.ts'
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
      say(context, 'NWF122', child.nameSpan, `<filterref> has no element <${child.name}>; libvirt ignores it.`)
      continue
    }
    const name = child.attributes.find((attribute) => attribute.name === 'name')
    const value = child.attributes.find((attribute) => attribute.name === 'value')
    if (name === undefined || value === undefined) {
      say(context, 'NWF303', child.openSpan, 'libvirt drops this parameter: it needs the attributes name and value.')
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
