import type { Span } from '../diagnostics/span.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { Protocol } from '../protocols/protocol.ts'
import type { XmlElement } from '../xml/document.ts'
import { type DecodeContext, didYouMean, say, sayUnknownAttributes, spellingFix } from './decode-context.ts'
import { decodeMatches } from './decode-matches.ts'
import type { Action, Direction, Rule } from './filter.ts'
import { readInteger } from './read-integer.ts'

const actions: readonly Action[] = ['accept', 'drop', 'reject', 'return', 'continue']
const directions: readonly Direction[] = ['in', 'out', 'inout']
const DEFAULT_PRIORITY = 500

const KNOWN: ReadonlyMap<string, true> = new Map(
  ['action', 'direction', 'priority', 'statematch'].map((name) => [name, true]),
)

/** A `<rule>`; undefined where libvirt refuses the filter. Spec 1.3, 1.4. */
export function decodeRule(element: XmlElement, context: DecodeContext): Rule | undefined {
  sayUnknownAttributes(context, element, KNOWN)
  const action = decodeWord(element, 'action', actions, 'NWF133', context)
  const direction = decodeWord(element, 'direction', directions, 'NWF134', context)
  const body = decodeBody(element, context)
  const rulePriority = decodeRulePriority(element, context)
  const statematch = decodeStatematch(element, context)
  if (action === undefined || direction === undefined || body === undefined) return undefined
  sayMatchesAll(element, body.protocol, direction.word, context)
  return {
    kind: 'rule',
    action: action.word,
    direction: direction.word,
    rulePriority,
    statematch,
    ...body,
    actionSpan: action.span,
    directionSpan: direction.span,
    span: element.span,
  }
}

/** A plain `<rule …/>` is the author's wish; one with nothing but unknown elements inside is a slip. */
function sayMatchesAll(
  element: XmlElement,
  protocol: Rule['protocol'],
  direction: Direction,
  context: DecodeContext,
): void {
  if (protocol !== 'none' || !element.children.some((child) => child.kind === 'element')) return
  const which = direction === 'inout' ? '' : direction === 'in' ? ' to the guest' : ' from the guest'
  say(context, 'NWF301', element.openSpan, `This rule has no protocol element and matches every frame${which}.`)
}

function decodeWord<Word extends string>(
  element: XmlElement,
  name: 'action' | 'direction',
  words: readonly Word[],
  code: 'NWF133' | 'NWF134',
  context: DecodeContext,
): { readonly word: Word; readonly span: Span } | undefined {
  const attribute = element.attributes.find((candidate) => candidate.name === name)
  if (attribute === undefined) {
    say(context, 'NWF121', element.nameSpan, `<rule> needs the attribute ${name}: one of ${words.join(', ')}.`)
    return undefined
  }
  const word = words.find((candidate) => candidate === attribute.value)
  if (word === undefined) {
    const fixes = spellingFix(attribute.value, attribute.valueSpan, words)
    say(
      context,
      code,
      attribute.valueSpan,
      `“${attribute.value}” is no ${name}: use one of ${words.join(', ')}.${didYouMean(fixes)}`,
      fixes,
    )
    return undefined
  }
  return { word, span: attribute.valueSpan }
}

function decodeRulePriority(element: XmlElement, context: DecodeContext): number {
  const attribute = element.attributes.find((candidate) => candidate.name === 'priority')
  if (attribute === undefined) return DEFAULT_PRIORITY
  const value = readInteger(attribute.value)
  if (value !== undefined && value >= -1000 && value <= 1000) return value
  const nearest = value === undefined ? undefined : Math.sign(value) * 1000
  const fixes = [...(nearest === undefined ? [] : [nearest]), DEFAULT_PRIORITY].map((number) => ({
    title: `Use ${number}`,
    span: attribute.valueSpan,
    text: String(number),
  }))
  const cause = value === undefined ? 'is no decimal number' : 'is outside −1000…1000'
  say(
    context,
    'NWF312',
    attribute.valueSpan,
    `The rule priority “${attribute.value}” ${cause}; libvirt silently uses ${DEFAULT_PRIORITY}.`,
    fixes,
  )
  return DEFAULT_PRIORITY
}

function decodeStatematch(element: XmlElement, context: DecodeContext): boolean {
  const attribute = element.attributes.find((candidate) => candidate.name === 'statematch')
  if (attribute === undefined) return true
  if (/^(0|false)$/i.test(attribute.value)) return false
  if (!/^(1|true)$/i.test(attribute.value)) {
    const instead = /^(no|off|n|f)$/i.test(attribute.value) ? '0' : '1'
    say(
      context,
      'NWF313',
      attribute.valueSpan,
      `“${attribute.value}” does not switch state matching off; only 0 and false do.`,
      [{ title: `Use ${instead}`, span: attribute.valueSpan, text: instead }],
    )
  }
  return true
}

type Body = Pick<Rule, 'protocol' | 'matches' | 'variables' | 'states'>

function decodeBody(element: XmlElement, context: DecodeContext): Body | undefined {
  let protocol: Protocol | undefined
  const elements: XmlElement[] = []
  for (const child of element.children) {
    if (child.kind !== 'element') continue
    if (protocol === undefined && protocols.has(child.name)) {
      protocol = protocols.get(child.name)
      elements.push(child)
    } else if (child.name === protocol?.name) {
      elements.push(child)
    } else if (protocols.has(child.name)) {
      say(
        context,
        'NWF302',
        child.nameSpan,
        `libvirt ignores this <${child.name}>: the rule is about <${protocol?.name}> already.`,
      )
    } else {
      const fixes = spellingFix(child.name, child.nameSpan, protocols.keys())
      say(
        context,
        'NWF124',
        child.nameSpan,
        `<${child.name}> is no protocol; libvirt ignores it.${didYouMean(fixes)}`,
        fixes,
      )
    }
  }
  if (protocol === undefined) return { protocol: 'none', matches: [], variables: [], states: [] }
  return decodeMatches(protocol, elements, context)
}
