import type { AttributeValue } from '../protocols/attribute-value.ts'
import type { Attribute, Protocol } from '../protocols/protocol.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { type DecodeContext, didYouMean, say, sayUnknownAttributes, spellingFix } from './decode-context.ts'
import type { Match, Rule, RuleVariable } from './filter.ts'
import { parseVariableAccess, printVariableAccess } from './variable-access.ts'

const PROTOCOLS_WITH_PORTS = [6, 17, 33, 132]

/**
 * The attributes of all elements of one protocol in a rule, merged as libvirt merges them: a repeated attribute overrides,
 * `match='no'` belongs to its own element. Undefined where libvirt refuses the filter. Spec 1.4, 2.9.
 */
export function decodeMatches(
  protocol: Protocol,
  elements: readonly XmlElement[],
  context: DecodeContext,
): Pick<Rule, 'protocol' | 'matches' | 'variables'> | undefined {
  const found = new Map<string, Match>()
  const variables: RuleVariable[] = []
  const known = ['match', ...protocol.attributes.map(({ name }) => name)]
  let refused = false
  let portProtocol = 0
  for (const element of elements) {
    sayUnknownAttributes(context, element, known)
    const negated = element.attributes.some(({ name, value }) => name === 'match' && value === 'no')
    for (const attribute of protocol.attributes) {
      const written = element.attributes.find(({ name }) => name === attribute.name)
      if (written === undefined) continue
      const value = decodeValue(attribute, written, context)
      if (value === undefined) {
        refused = true
        continue
      }
      const before = found.get(attribute.name)
      const shadowed =
        value.kind === 'variable' ? (before?.value.kind === 'variable' ? before.shadowed : before?.value) : undefined
      found.set(attribute.name, { attribute: attribute.name, value, negated, shadowed, span: written.valueSpan })
      if (value.kind === 'variable') addVariable(variables, { access: value, span: written.valueSpan })
      else if (attribute.name === 'protocol' && value.kind === 'number') portProtocol = value.value
    }
    if (!refused && !checkPorts(protocol, found, portProtocol, context)) refused = true
  }
  if (refused) return undefined
  const matches = protocol.attributes.flatMap((attribute) => {
    const match = found.get(attribute.name)
    if (match === undefined) return []
    if (attribute.negatedLike === undefined) return [match]
    return [{ ...match, negated: found.get(attribute.negatedLike)?.negated ?? false }]
  })
  return { protocol: protocol.name, matches, variables }
}

function decodeValue(attribute: Attribute, written: XmlAttribute, context: DecodeContext): AttributeValue | undefined {
  const isVariable = written.value.startsWith('$')
  const value = isVariable ? parseVariableAccess(written.value) : attribute.type.parse(written.value)
  if (value !== undefined) return value
  const fixes = spellingFix(written.value, written.valueSpan, attribute.type.words)
  const expected = isVariable ? 'a variable such as $NAME, $NAME[0] or $NAME[@1]' : attribute.type.expected
  say(
    context,
    'NWF135',
    written.valueSpan,
    `${attribute.name} has the illegal value “${written.value}”: ${expected} is expected.${didYouMean(fixes)}`,
    fixes,
  )
  return undefined
}

function addVariable(variables: RuleVariable[], variable: RuleVariable): void {
  const printed = printVariableAccess(variable.access)
  if (
    !variables.some(({ access }) => access.access === variable.access.access && printVariableAccess(access) === printed)
  )
    variables.push(variable)
}

/** libvirt looks after each element whether ports stand with a protocol that has ports; a variable protocol counts as none. */
function checkPorts(
  protocol: Protocol,
  found: ReadonlyMap<string, Match>,
  portProtocol: number,
  context: DecodeContext,
): boolean {
  if (PROTOCOLS_WITH_PORTS.includes(portProtocol)) return true
  const port = ['srcportstart', 'srcportend', 'dstportstart', 'dstportend']
    .map((name) => found.get(name))
    .find((match) => match !== undefined)
  if (port === undefined) return true
  say(
    context,
    'NWF136',
    port.span,
    `Ports in <${protocol.name}> need protocol to be tcp (6), udp (17), dccp (33) or sctp (132), written out, no variable.`,
  )
  return false
}
