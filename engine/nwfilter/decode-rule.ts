import { laterProtocols, protocols } from '../protocols/all-protocols.ts'
import type { Protocol } from '../protocols/protocol.ts'
import type { XmlElement } from '../xml/document.ts'
import { type DecodeContext, didYouMean, say, sayUnknownAttributes, spellingFix } from './decode-context.ts'
import { decodeMatches } from './decode-matches.ts'
import type { Action, Direction, Rule } from './filter.ts'
import { readInteger } from './read-integer.ts'

const actions: readonly Action[] = ['accept', 'drop', 'reject', 'return', 'continue']
const directions: readonly Direction[] = ['in', 'out', 'inout']
const DEFAULT_PRIORITY = 500

/** A `<rule>`; undefined where libvirt refuses the filter. Spec 1.3, 1.4. */
export function decodeRule(element: XmlElement, context: DecodeContext): Rule | undefined {
  sayUnknownAttributes(context, element, ['action', 'direction', 'priority', 'statematch'])
  const action = decodeWord(element, 'action', actions, 'NWF133', context)
  const direction = decodeWord(element, 'direction', directions, 'NWF134', context)
  const body = decodeBody(element, context)
  const rulePriority = decodeRulePriority(element, context)
  const statematch = decodeStatematch(element, context)
  if (action === undefined || direction === undefined || body === undefined) return undefined
  if (body.protocol === 'none') {
    const message = `This rule has no protocol element and matches every frame${direction === 'inout' ? '' : direction === 'in' ? ' to the guest' : ' from the guest'}.`
    // A plain <rule …/> is the author's wish; one with an unknown element inside is a slip.
    if (element.children.some((child) => child.kind === 'element')) say(context, 'NWF301', element.openSpan, message)
  }
  return { kind: 'rule', action, direction, rulePriority, statematch, ...body, span: element.span }
}

function decodeWord<Word extends string>(
  element: XmlElement,
  name: 'action' | 'direction',
  words: readonly Word[],
  code: 'NWF133' | 'NWF134',
  context: DecodeContext,
): Word | undefined {
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
  }
  return word
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
  if (!/^(1|true)$/i.test(attribute.value))
    say(
      context,
      'NWF313',
      attribute.valueSpan,
      `“${attribute.value}” does not switch state matching off; only 0 and false do.`,
    )
  return true
}

type Body = Pick<Rule, 'protocol' | 'matches' | 'variables'>

function decodeBody(element: XmlElement, context: DecodeContext): Body | undefined {
  let protocol: Protocol | undefined
  let refused = false
  const elements: XmlElement[] = []
  for (const child of element.children) {
    if (child.kind !== 'element') continue
    if (laterProtocols.has(child.name)) {
      if (protocol === undefined) {
        say(
          context,
          'NWF137',
          child.nameSpan,
          `<${child.name}> is part of libvirt’s language, but this version of Sluice does not compile it yet.`,
        )
        refused = true
      }
    } else if (protocol === undefined && !refused && protocols.has(child.name)) {
      protocol = protocols.get(child.name)
      elements.push(child)
    } else if (child.name === protocol?.name) {
      elements.push(child)
    } else if (protocols.has(child.name)) {
      if (!refused)
        say(
          context,
          'NWF302',
          child.nameSpan,
          `libvirt ignores this <${child.name}>: the rule is about <${protocol?.name}> already.`,
        )
    } else {
      const fixes = spellingFix(child.name, child.nameSpan, [...protocols.keys(), ...laterProtocols])
      say(
        context,
        'NWF122',
        child.nameSpan,
        `<${child.name}> is no protocol; libvirt ignores it.${didYouMean(fixes)}`,
        fixes,
      )
    }
  }
  if (refused) return undefined
  if (protocol === undefined) return { protocol: 'none', matches: [], variables: [] }
  return decodeMatches(protocol, elements, context)
}
