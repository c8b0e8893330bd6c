import { childElement } from '../xml/access.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { chainNameProblem, defaultChainPriority } from './chain-name.ts'
import { attributeOf, type DecodeContext, removalFix, say, sayUnknownAttributes } from './decode-context.ts'
import type { Filter } from './filter.ts'
import { readInteger } from './read-integer.ts'
import { readUuid } from './read-uuid.ts'

const KNOWN: ReadonlyMap<string, true> = new Map(['name', 'chain', 'priority'].map((name) => [name, true]))

/** What a filter says about itself, without its entries; undefined where libvirt refuses the definition for it. Spec 1.2. */
export function decodeHeader(root: XmlElement, context: DecodeContext): Omit<Filter, 'entries'> | undefined {
  if (root.name !== 'filter') {
    say(context, 'NWF120', root.nameSpan, `A filter begins with <filter>, not <${root.name}>.`)
    return undefined
  }
  sayUnknownAttributes(context, root, KNOWN)
  const name = attributeOf(root, 'name')
  if (name === undefined) say(context, 'NWF121', root.nameSpan, 'The filter has no name: <filter name="…">.')
  else if (/[&<>'"\t\n\r]/.test(name.value)) sayUnreadableName(name, context)
  const chain = decodeChain(root, context)
  const uuid = decodeUuid(root, context)
  if (name === undefined || chain === undefined || uuid === undefined) return undefined
  return {
    kind: 'filter',
    dialect: context.dialect,
    name: name.value,
    uuid: uuid === '' ? undefined : uuid,
    uuidSpan: childElement(root, 'uuid')?.span,
    ...chain,
    source: context.source,
    nameSpan: name.valueSpan,
    chainSpan: attributeOf(root, 'chain')?.valueSpan ?? name.valueSpan,
    span: root.span,
  }
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
