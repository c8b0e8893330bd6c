import type { Span } from '../diagnostics/span.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { findAttribute } from '../xml/access.ts'
import type { XmlElement } from '../xml/document.ts'
import {
  type DecodeContext,
  didYouMean,
  elementRemoval,
  elementSpelling,
  type KnownAttributes,
  say,
  sayMissingAttribute,
  sayUnknownAttributes,
  spellingFix,
} from './decode-context.ts'
import { decodeMatches } from './decode-matches.ts'
import type { Action, Direction, Rule } from './filter.ts'
import { readInteger } from './read-integer.ts'
import { sayStrayText } from './say-strays.ts'

const actions: readonly Action[] = ['accept', 'drop', 'reject', 'return', 'continue']
const directions: readonly Direction[] = ['in', 'out', 'inout']
const DEFAULT_PRIORITY = 500
/** Words of other firewalls that can mean only one of libvirt's. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['allow', 'accept'],
  ['permit', 'accept'],
  ['pass', 'accept'],
  ['deny', 'drop'],
  ['block', 'drop'],
  ['discard', 'drop'],
  ['both', 'inout'],
])

const DECIMAL = /^[ \t\n\v\f\r]*[+-]?\d+$/
const NAMES = ['action', 'direction', 'priority', 'statematch']
const KNOWN: KnownAttributes = {
  has: (name) => NAMES.includes(name),
  keys: () => NAMES,
  required: ['action', 'direction'],
}

/** A `<rule>`; undefined where libvirt refuses the filter. Spec 1.3, 1.4. */
export function decodeRule(element: XmlElement, context: DecodeContext): Rule | undefined {
  sayUnknownAttributes(context, element, KNOWN)
  const action = decodeWord(element, 'action', actions, 'NWF133', context)
  const direction = decodeWord(element, 'direction', directions, 'NWF134', context)
  const body = decodeBody(element, context)
  sayStrayText(element, context)
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
  const message = `No element of this rule is a protocol: libvirt lets it match every frame${which}.`
  say(context, 'NWF301', element.nameSpan, message)
}

function decodeWord<Word extends string>(
  element: XmlElement,
  name: 'action' | 'direction',
  words: readonly Word[],
  code: 'NWF133' | 'NWF134',
  context: DecodeContext,
): { readonly word: Word; readonly span: Span } | undefined {
  const attribute = findAttribute(element, name)
  if (attribute === undefined) {
    const message = `<rule> needs the attribute ${name}: one of ${words.join(', ')}.`
    sayMissingAttribute(context, element, name, KNOWN, message)
    return undefined
  }
  const word = words.find((candidate) => candidate === attribute.value)
  if (word === undefined) {
    const meant = SYNONYMS.get(attribute.value.toLowerCase()) ?? attribute.value
    const fixes = spellingFix(meant, attribute.valueSpan, words)
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
  const attribute = findAttribute(element, 'priority')
  if (attribute === undefined) return DEFAULT_PRIORITY
  const value = readInteger(attribute.value)
  if (value !== undefined && value >= -1000 && value <= 1000) return value
  const nearest = nearestPriority(attribute.value)
  const fixes = [...(nearest === undefined ? [] : [nearest]), DEFAULT_PRIORITY].map((number) => ({
    title: `Use ${number}`,
    span: attribute.valueSpan,
    text: String(number),
  }))
  const cause = DECIMAL.test(attribute.value) ? 'is outside −1000…1000' : 'is no decimal number'
  say(
    context,
    'NWF312',
    attribute.valueSpan,
    `The rule priority “${attribute.value}” ${cause}; libvirt silently uses ${DEFAULT_PRIORITY}.`,
    fixes,
  )
  return DEFAULT_PRIORITY
}

/** What is likely to be meant: the end of the range that was passed, or the value of a hexadecimal number. */
function nearestPriority(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text) < 0 ? -1000 : 1000
  const value = /^0x[0-9a-f]+$/i.test(text) ? Number(text) : undefined
  return value === undefined || value > 1000 ? undefined : value
}

function decodeStatematch(element: XmlElement, context: DecodeContext): boolean {
  const attribute = findAttribute(element, 'statematch')
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
        elementRemoval(child),
      )
    } else {
      const { guess, fixes } = elementSpelling(child, protocol === undefined ? protocols.keys() : [protocol.name])
      say(context, 'NWF124', child.nameSpan, `<${child.name}> is no protocol; libvirt ignores it.${guess}`, fixes)
    }
  }
  if (protocol === undefined) return { protocol: 'none', matches: [], variables: [], states: [] }
  return decodeMatches(protocol, elements, context)
}
