import type { Fix } from '../diagnostics/diagnostic.ts'
import { childElement, childElements } from '../xml/access.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { chainNameProblem, defaultChainPriority } from './chain-name.ts'
import {
  attributeOf,
  contentSpan,
  type DecodeContext,
  didYouMean,
  elementRemoval,
  elementSpelling,
  type KnownAttributes,
  removalFix,
  say,
  sayMissingAttribute,
  sayUnknownAttributes,
  spellingFix,
} from './decode-context.ts'
import type { Filter } from './filter.ts'
import { readInteger } from './read-integer.ts'
import { readUuid } from './read-uuid.ts'
import { saySecond, sayStrayText } from './say-strays.ts'

const NAMES = ['name', 'chain', 'priority']
const KNOWN: KnownAttributes = { has: (name) => NAMES.includes(name), keys: () => NAMES, required: ['name'] }
/** What a chain name may be, or begin with. */
const CHAINS = ['root', 'mac', 'vlan', 'stp', 'arp', 'rarp', 'ipv4', 'ipv6']

/** What a filter says about itself, without its entries; undefined where libvirt refuses the definition for it. Spec 1.2. */
export function decodeHeader(root: XmlElement, context: DecodeContext): Omit<Filter, 'entries'> | undefined {
  if (root.name !== 'filter') {
    const { fixes } = elementSpelling(root, ['filter'])
    say(context, 'NWF120', root.nameSpan, `A filter begins with <filter>, not <${root.name}>.`, fixes)
    return undefined
  }
  sayUnknownAttributes(context, root, KNOWN)
  sayStrayText(root, context)
  const name = attributeOf(root, 'name')
  if (name === undefined)
    sayMissingAttribute(context, root, 'name', KNOWN, 'The filter has no name: <filter name="…">.')
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
    const message = `The chain priority “${priorityAttribute.value}” is no whole number from −1000 to 1000.`
    say(context, 'NWF131', priorityAttribute.valueSpan, message, mendPriority(priorityAttribute, given))
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
  if (problem !== undefined) {
    const fixes = spellingFix(chainAttribute.value, chainAttribute.valueSpan, CHAINS)
    say(context, 'NWF130', chainAttribute.valueSpan, `${problem}${didYouMean(fixes)}`, fixes)
  }
  if (refused || problem !== undefined) return undefined
  if (given === undefined && chainAttribute.value.startsWith('stp')) sayStpPriority(chainAttribute, context)
  if (given === 0 && priorityAttribute !== undefined)
    sayForgottenPriority(chainAttribute.value, priorityAttribute, context)
  return {
    chain: chainAttribute.value,
    chainPriority: given ?? defaultChainPriority(chainAttribute.value, context.dialect),
  }
}

/** The nearest priority that is allowed; a text that is no number can only go. */
function mendPriority(attribute: XmlAttribute, given: number | undefined): readonly Fix[] {
  if (given === undefined) return removalFix(attribute)
  const nearest = String(Math.sign(given) * 1000)
  return [{ title: `Use ${nearest}`, span: attribute.valueSpan, text: nearest }]
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

/** The canonical text names a priority only when it is not 0, and what is read back gets the default. Spec 1.6. */
function sayForgottenPriority(chain: string, { valueSpan }: XmlAttribute, context: DecodeContext): void {
  const usual = defaultChainPriority(chain, context.dialect)
  if (usual === 0) return
  const message = `libvirt forgets this 0 when it saves the filter: after its next start the chain ${chain} has the priority ${usual}.`
  const fixes = [-1, 1].map((near) => ({ title: `Use ${near}`, span: valueSpan, text: String(near) }))
  say(context, 'NWF361', valueSpan, message, fixes)
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
  const [element, ...others] = childElements(root, 'uuid')
  for (const other of others) saySecond(other, context)
  if (element === undefined) return ''
  const text = textOf(element)
  if (text === '') return ''
  const uuid = readUuid(text)
  if (uuid === undefined)
    say(context, 'NWF132', contentSpan(element), `“${text.trim()}” is no UUID.`, elementRemoval(element))
  return uuid
}

function textOf(element: XmlElement): string {
  return element.children
    .map((child) =>
      child.kind === 'text' || child.kind === 'cdata' ? child.value : child.kind === 'element' ? textOf(child) : '',
    )
    .join('')
}
