import { findAttribute } from '../xml/access.ts'
import type { XmlElement } from '../xml/document.ts'
import {
  type DecodeContext,
  elementRemoval,
  elementSpelling,
  type KnownAttributes,
  say,
  sayMissingAttribute,
  sayUnknownAttributes,
} from './decode-context.ts'
import { decodeParameters } from './decode-parameters.ts'
import { decodeRule } from './decode-rule.ts'
import type { FilterRef, Rule } from './filter.ts'

const REFERENCE: KnownAttributes = { has: (name) => name === 'filter', keys: () => ['filter'], required: ['filter'] }

/** A child of a filter: a rule or a filterref, undefined where libvirt refuses the filter for it, `skip` for what it skips. */
export function decodeEntry(element: XmlElement, context: DecodeContext): Rule | FilterRef | 'skip' | undefined {
  if (element.name === 'rule') return decodeRule(element, context)
  if (element.name === 'filterref') return decodeFilterRef(element, context)
  if (element.name !== 'uuid') {
    const { guess, fixes } = elementSpelling(element, ['rule', 'filterref', 'uuid'])
    const message = `<filter> has no element <${element.name}>; libvirt ignores it.${guess}`
    say(context, 'NWF122', element.nameSpan, message, [...fixes, ...elementRemoval(element)])
  }
  return 'skip'
}

/** A `<filterref>`, also inside a binding. Spec 1.5. */
export function decodeFilterRef(element: XmlElement, context: DecodeContext): FilterRef | undefined {
  sayUnknownAttributes(context, element, REFERENCE)
  const filter = findAttribute(element, 'filter')
  const decoded = decodeParameters(element, context)
  if (filter === undefined) {
    const message = '<filterref> needs the attribute filter: the name of the filter to include.'
    sayMissingAttribute(context, element, 'filter', REFERENCE, message)
    return undefined
  }
  return { kind: 'filterref', filter: filter.value, filterSpan: filter.valueSpan, ...decoded, span: element.span }
}
