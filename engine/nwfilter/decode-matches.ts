import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { findAttribute } from '../xml/access.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { attributeOf, type DecodeContext, removalFix, say, sayUnknownAttributes } from './decode-context.ts'
import { decodeValue } from './decode-value.ts'
import type { Match, Rule, RuleVariable } from './filter.ts'
import { fixNegations } from './fix-negations.ts'
import { fixSets } from './fix-sets.ts'
import { type FoundMatches, findIn, putInto } from './found-matches.ts'
import { sayStrayElements, sayStrayText } from './say-strays.ts'
import { printVariableAccess } from './variable-access.ts'

const PROTOCOLS_WITH_PORTS = [6, 17, 33, 132]
const PORTS = ['srcportstart', 'srcportend', 'dstportstart', 'dstportend']
const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID']

/** What the elements of a rule have said so far. */
type Gathering = {
  readonly found: FoundMatches
  readonly variables: RuleVariable[]
  readonly states: string[]
  /** The last literal `protocol`: it lingers behind a variable. */
  portProtocol: number
  refused: boolean
}

/**
 * The attributes of all elements of one protocol in a rule, merged as libvirt merges them: a repeated attribute overrides,
 * `match='no'` belongs to its own element, states add up. Undefined where the filter is refused. Spec 1.4, 2.8, 2.9.
 */
export function decodeMatches(
  protocol: Protocol,
  elements: readonly XmlElement[],
  context: DecodeContext,
): Pick<Rule, 'protocol' | 'matches' | 'variables' | 'states'> | undefined {
  const gathering: Gathering = {
    found: [],
    variables: [],
    states: [],
    portProtocol: 0,
    refused: false,
  }
  for (const element of elements) {
    gatherElement(protocol, element, gathering, context)
    if (!gathering.refused && !checkPorts(protocol, gathering, elements, context)) gathering.refused = true
  }
  if (gathering.refused) return undefined
  const { found, variables, states } = gathering
  fixSets(protocol, found, context)
  const matches = fixNegations(protocol, found, context)
  return { protocol: protocol.name, matches, variables, states: orderStates(states) }
}

function gatherElement(protocol: Protocol, element: XmlElement, gathering: Gathering, context: DecodeContext): void {
  sayUnknown(protocol, element, context)
  if (element.children.length > 0) {
    sayStrayText(element, context)
    sayStrayElements(element, context)
  }
  const negated = decodeNegation(element, context)
  const { found, variables, states } = gathering
  for (const written of inTableOrder(protocol, element)) {
    const attribute = protocol.byName.get(written.name)
    if (attribute === undefined || (attribute.strictOnly && context.dialect === 'libvirt')) continue
    const value = decodeValue(attribute, written, { element, protocol }, context)
    if (value === undefined) {
      gathering.refused = true
      continue
    }
    const before = findIn(found, attribute.name)
    if (before !== undefined) sayOverridden(before, context)
    const shadowed =
      value.kind === 'variable' ? (before?.value.kind === 'variable' ? before.shadowed : before?.value) : undefined
    putInto(found, {
      attribute: attribute.name,
      value,
      negated,
      shadowed,
      span: written.valueSpan,
      attributeSpan: written.span,
    })
    if (value.kind === 'variable') addVariable(variables, { access: value, span: written.valueSpan })
    else if (value.kind === 'states') states.push(...value.words)
    else if (attribute.name === 'protocol' && value.kind === 'number') gathering.portProtocol = value.value
    else if (attribute.name === 'dscp') sayDamagedComment(protocol, found, context)
  }
}

function sayOverridden({ attribute, span, attributeSpan }: Match, context: DecodeContext): void {
  const message =
    attribute === 'state'
      ? 'libvirt adds the states of a later element to these; what dumpxml prints shows the last list alone.'
      : `libvirt forgets this ${attribute}: a later element of the rule gives it again.`
  // States count all the same, and ports of this element may need its protocol.
  const isNeeded = attribute === 'state' || attribute === 'protocol'
  const fixes = isNeeded ? [] : removalFix({ name: attribute, span: attributeSpan })
  say(context, 'NWF346', span, message, fixes)
}

/** The attributes that the table knows, in its order, which is that of libvirt's parser. */
function inTableOrder({ placeOf }: Protocol, { attributes }: XmlElement): readonly XmlAttribute[] {
  let last = -1
  for (const { name } of attributes) {
    const at = placeOf.get(name) ?? -1
    // Most authors write them in this order already.
    if (at < last) return attributes.toSorted((a, b) => (placeOf.get(a.name) ?? -1) - (placeOf.get(b.name) ?? -1))
    last = at
  }
  return attributes
}

/** libvirt writes a literal DSCP into the place of a comment that an earlier element gave. Spec 13.1.27. */
function sayDamagedComment(protocol: Protocol, found: readonly Match[], context: DecodeContext): void {
  const comment = findIn(found, 'comment')
  if (comment === undefined || protocol.backend.tool === 'ebtables') return
  say(
    context,
    'NWF341',
    comment.span,
    'libvirt loses this comment: the dscp behind it puts a random number in its place.',
    removalFix({ name: 'comment', span: comment.attributeSpan }),
  )
}

function sayUnknown(protocol: Protocol, element: XmlElement, context: DecodeContext): void {
  if (context.dialect === 'libvirt')
    for (const { name, span } of element.attributes)
      if (protocol.byName.get(name)?.strictOnly)
        say(context, 'NWF338', span, `libvirt drops this match: it does not read ${name} in <${protocol.name}>.`)
  sayUnknownAttributes(context, element, protocol.writable)
}

function decodeNegation(element: XmlElement, context: DecodeContext): boolean {
  const match = findAttribute(element, 'match')
  if (match === undefined || match.value === 'yes') return false
  if (match.value === 'no') return true
  const meant = /^(?:no|false|0)$/i.test(match.value) ? 'no' : 'yes'
  const fixes = [{ title: `Use ${meant}`, span: match.valueSpan, text: meant }]
  say(context, 'NWF347', match.valueSpan, `libvirt takes the match “${match.value}” for yes: only no negates.`, fixes)
  return false
}

function addVariable(variables: RuleVariable[], variable: RuleVariable): void {
  const printed = printVariableAccess(variable.access)
  if (
    !variables.some(({ access }) => access.access === variable.access.access && printVariableAccess(access) === printed)
  )
    variables.push(variable)
}

/** libvirt's order of printing; `NONE` once named stands alone. */
function orderStates(states: readonly string[]): readonly string[] {
  if (states.length === 0) return states
  return states.includes('NONE') ? ['NONE'] : STATES.filter((state) => states.includes(state))
}

/** libvirt looks after each element whether ports stand with a protocol that has ports; a variable protocol counts as none. */
function checkPorts(
  protocol: Protocol,
  { found, portProtocol }: Gathering,
  elements: readonly XmlElement[],
  context: DecodeContext,
): boolean {
  if (!protocol.byName.has('protocol') || PROTOCOLS_WITH_PORTS.includes(portProtocol)) return true
  const port = PORTS.map((name) => findIn(found, name)).find((match) => match !== undefined)
  if (port === undefined) return true
  const given = findIn(found, 'protocol')
  const isLater = given === undefined && elements.some((element) => attributeOf(element, 'protocol') !== undefined)
  const fixes = isLater ? [] : ['tcp', 'udp'].map((name) => nameProtocol(name, port, given))
  const message = `Ports in <${protocol.name}> need the protocol tcp (6), udp (17), dccp (33) or sctp (132) in their element or one before; a variable does not count.`
  say(context, 'NWF136', port.span, message, fixes)
  return false
}

function nameProtocol(name: string, port: Match, given: Match | undefined): Fix {
  if (given !== undefined) return { title: `Use ${name}`, span: given.span, text: name }
  const { start } = port.attributeSpan
  return { title: `Add protocol ${name}`, span: { start, end: start }, text: `protocol='${name}' ` }
}
