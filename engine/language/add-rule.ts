import type { Action, Direction } from '../nwfilter/filter.ts'
import type { ProtocolName } from '../protocols/protocol.ts'
import type { XmlDocument } from '../xml/document.ts'
import type { TextEdit } from './edits.ts'
import { insertChild } from './insert-child.ts'
import { escapeValue, quoteOf } from './quote-value.ts'

/** A rule to be written. What is left out is not written; `attributes` are those of the protocol element, in order. */
export type NewRule = {
  readonly action: Action
  readonly direction: Direction
  /** From -1000 to 1000. */
  readonly priority?: number
  readonly statematch?: boolean
  readonly protocol?: ProtocolName
  readonly attributes: readonly (readonly [name: string, value: string])[]
}

/** Adds a rule as the index-th child element of the root (at the end without one), in the quotes of the root. Spec 1.3, 1.4. */
export function addRule(document: XmlDocument, rule: NewRule, index = Number.POSITIVE_INFINITY): readonly TextEdit[] {
  const { text, root } = document
  if (root === undefined) return []
  const quote = quoteOf(text, root)
  const tag = (name: string, attributes: NewRule['attributes']) =>
    [`<${name}`, ...attributes.map(([key, value]) => `${key}=${quote}${escapeValue(value, quote)}${quote}`)].join(' ')
  const { action, direction, priority, statematch, protocol } = rule
  const open = tag('rule', [
    ['action', action],
    ['direction', direction],
    ...(priority === undefined ? [] : [['priority', String(priority)] as const]),
    ...(statematch === undefined ? [] : [['statematch', String(statematch)] as const]),
  ])
  const xml = protocol === undefined ? `${open}/>` : `${open}>\n  ${tag(protocol, rule.attributes)}/>\n</rule>`
  return insertChild(document, root, index, xml)
}
