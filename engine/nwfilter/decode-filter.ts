import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { childElement } from '../xml/access.ts'
import type { XmlAttribute, XmlDocument, XmlElement } from '../xml/document.ts'
import { chainNameProblem, defaultChainPriority } from './chain-name.ts'
import {
  attributeOf,
  type DecodeContext,
  didYouMean,
  removalFix,
  say,
  sayUnknownAttributes,
  spellingFix,
} from './decode-context.ts'
import { decodeParameters } from './decode-parameters.ts'
import { decodeRule } from './decode-rule.ts'
import type { Filter, FilterRef, Rule } from './filter.ts'
import { readInteger } from './read-integer.ts'
import { readUuid } from './read-uuid.ts'

const KNOWN: ReadonlyMap<string, true> = new Map(['name', 'chain', 'priority'].map((name) => [name, true]))
const REFERENCE: ReadonlyMap<string, true> = new Map([['filter', true]])

/**
 * Reads a document as `<filter>`. The value is undefined exactly where the dialect refuses the definition, with an error.
 * Spec 1.
 */
export function decodeFilter(document: XmlDocument, source: Source, dialect: Dialect = 'libvirt'): Staged<Filter> {
  const diagnostics: Diagnostic[] = []
  const context = { source, dialect, diagnostics }
  const root = document.root
  if (root === undefined) return { value: undefined, diagnostics }
  if (root.name !== 'filter') {
    say(context, 'NWF120', root.nameSpan, `A filter begins with <filter>, not <${root.name}>.`)
    return { value: undefined, diagnostics }
  }
  sayUnknownAttributes(context, root, KNOWN)
  const name = attributeOf(root, 'name')
  if (name === undefined) say(context, 'NWF121', root.nameSpan, 'The filter has no name: <filter name="…">.')
  else if (/[&<>'"\t\n\r]/.test(name.value)) sayUnreadableName(name, context)
  const chain = decodeChain(root, context)
  const uuid = decodeUuid(root, context)
  const entries = root.children.map((child) => (child.kind === 'element' ? decodeEntry(child, context) : 'skip'))
  if (name === undefined || chain === undefined || uuid === undefined || entries.includes(undefined))
    return { value: undefined, diagnostics }
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const value: Filter = {
    kind: 'filter',
    dialect,
    name: name.value,
    uuid: uuid === '' ? undefined : uuid,
    uuidSpan: childElement(root, 'uuid')?.span,
    ...chain,
    entries: entries.filter((entry) => entry !== undefined && entry !== 'skip'),
    source,
    nameSpan: name.valueSpan,
    chainSpan: attributeOf(root, 'chain')?.valueSpan ?? name.valueSpan,
    span: root.span,
  }
  return { value, diagnostics }
}

function decodeChain(root: XmlElement, context: DecodeContext): Pick<Filter, 'chain' | 'chainPriority'> | undefined {
  const chainAttribute = attributeOf(root, 'chain')
  const priorityAttribute = attributeOf(root, 'priority')
  let refused = false
  const given = priorityAttribute === undefined ? undefined : readInteger(priorityAttribute.value)
  if (priorityAttribute !== undefined && (given === undefined || given < -1000 || given > 1000)) {
    say(
      context,
      'NWF131',
      priorityAttribute.valueSpan,
      `The chain priority “${priorityAttribute.value}” is no whole number from −1000 to 1000.`,
    )
    refused = true
  }
  if (chainAttribute === undefined) {
    if (priorityAttribute !== undefined && !refused) {
      say(
        context,
        'NWF314',
        priorityAttribute.span,
        'This priority has no effect: without a chain attribute libvirt throws it away.',
        removalFix(priorityAttribute),
      )
    }
    return refused ? undefined : { chain: 'root', chainPriority: 0 }
  }
  const problem = chainNameProblem(chainAttribute.value)
  if (problem !== undefined) say(context, 'NWF130', chainAttribute.valueSpan, problem)
  if (refused || problem !== undefined) return undefined
  if (given === undefined && chainAttribute.value.startsWith('stp')) sayStpPriority(chainAttribute, context)
  return {
    chain: chainAttribute.value,
    chainPriority: given ?? defaultChainPriority(chainAttribute.value, context.dialect),
  }
}

function sayStpPriority({ value, valueSpan, span }: XmlAttribute, context: DecodeContext): void {
  const fixes = [-810, 0].map((priority) => ({
    title: `Add priority ${priority}`,
    span: { start: span.end, end: span.end },
    text: ` priority='${priority}'`,
  }))
  say(
    context,
    'NWF331',
    valueSpan,
    `libvirt gives the chain ${value} the priority 0 instead of the documented −810: it is asked after all others.`,
    fixes,
  )
}

/** Spec 1.6: neither dumpxml nor the saved file escapes the name. */
function sayUnreadableName({ valueSpan }: XmlAttribute, context: DecodeContext): void {
  say(
    context,
    'NWF342',
    valueSpan,
    'libvirt prints this name without escaping it: what dumpxml prints, and the saved file, cannot be read back.',
  )
}

/** The UUID; `''` where there is none, undefined where it is malformed. */
function decodeUuid(root: XmlElement, context: DecodeContext): string | undefined {
  const element = childElement(root, 'uuid')
  if (element === undefined) return ''
  const text = textOf(element)
  if (text === '') return ''
  const uuid = readUuid(text)
  if (uuid === undefined) say(context, 'NWF132', element.span, `“${text.trim()}” is no UUID.`)
  return uuid
}

function textOf(element: XmlElement): string {
  return element.children
    .map((child) =>
      child.kind === 'text' || child.kind === 'cdata' ? child.value : child.kind === 'element' ? textOf(child) : '',
    )
    .join('')
}

function decodeEntry(element: XmlElement, context: DecodeContext): Rule | FilterRef | 'skip' | undefined {
  if (element.name === 'rule') return decodeRule(element, context)
  if (element.name === 'filterref') return decodeFilterRef(element, context)
  if (element.name !== 'uuid') {
    const fixes = spellingFix(element.name, element.nameSpan, ['rule', 'filterref', 'uuid'])
    say(
      context,
      'NWF122',
      element.nameSpan,
      `<filter> has no element <${element.name}>; libvirt ignores it.${didYouMean(fixes)}`,
      fixes,
    )
  }
  return 'skip'
}

/** A `<filterref>`, also inside a binding. Spec 1.5. */
export function decodeFilterRef(element: XmlElement, context: DecodeContext): FilterRef | undefined {
  sayUnknownAttributes(context, element, REFERENCE)
  const filter = element.attributes.find(({ name }) => name === 'filter')
  const decoded = decodeParameters(element, context)
  if (filter === undefined) {
    say(
      context,
      'NWF121',
      element.nameSpan,
      '<filterref> needs the attribute filter: the name of the filter to include.',
    )
    return undefined
  }
  return { kind: 'filterref', filter: filter.value, filterSpan: filter.valueSpan, ...decoded, span: element.span }
}
