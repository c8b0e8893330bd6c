import type { Diagnostic, Fix, Source } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/registry.ts'
import { report } from '../diagnostics/report.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { severityIn } from '../dialects/severity-in.ts'
import { findAttribute } from '../xml/access.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { closestName } from './closest-name.ts'

/** Where decoders put what they find, and the dialect that says how grave it is. */
export type DecodeContext = {
  readonly source: Source
  readonly dialect: Dialect
  readonly diagnostics: Diagnostic[]
}

/** Adds a diagnostic to the context; nothing where the dialect corrects the quirk. */
export function say(
  context: DecodeContext,
  code: DiagnosticCode,
  span: Span,
  message: string,
  fixes: readonly Fix[] = [],
): void {
  const severity = severityIn(context.dialect, code)
  if (severity !== undefined) context.diagnostics.push(report(code, context.source, span, message, { fixes, severity }))
}

/** The attribute, as libvirt's XPath reads it: an empty one counts as missing. */
export function attributeOf(element: XmlElement, name: string): XmlAttribute | undefined {
  const found = findAttribute(element, name)
  return found === undefined || found.value === '' ? undefined : found
}

/** A fix that replaces a misspelt word by the closest known one, or one that was cut short by the first that it begins. */
export function spellingFix(written: string, span: Span, known: Iterable<string>): readonly Fix[] {
  const words = [...known]
  const beginning = written.toLowerCase()
  const close =
    closestName(written, words) ??
    words.find((word) => beginning.length > 1 && word.toLowerCase().startsWith(beginning))
  return close === undefined ? [] : [{ title: `Use ${close}`, span, text: close }]
}

/** The same for the name of an element. One with an end tag gets no fix: there the name stands twice. */
export function elementSpelling(
  { name, nameSpan, closeSpan }: XmlElement,
  known: Iterable<string>,
): { readonly guess: string; readonly fixes: readonly Fix[] } {
  const fixes = spellingFix(name, nameSpan, known)
  return { guess: didYouMean(fixes), fixes: closeSpan.start === closeSpan.end ? fixes : [] }
}

/** `Did you mean X?` with a leading blank, or nothing. */
export function didYouMean(fixes: readonly Fix[]): string {
  return fixes[0] === undefined ? '' : ` Did you mean ${fixes[0].text}?`
}

/** A fix that takes an attribute away, with the blank in front of it. */
export function removalFix(attribute: { readonly name: string; readonly span: Span }): readonly Fix[] {
  const { start, end } = attribute.span
  return [{ title: `Remove ${attribute.name}`, span: { start: start - 1, end }, text: '' }]
}

/** What stands between the tags of an element. */
export function contentSpan({ openSpan, closeSpan }: XmlElement): Span {
  return { start: openSpan.end, end: closeSpan.start }
}

/** A fix that takes an element away. */
export function elementRemoval({ name, span }: XmlElement): readonly Fix[] {
  return [{ title: `Remove <${name}>`, span, text: '' }]
}

/** The attributes of an element. `required` ones must be there, and their absence is told with `sayMissingAttribute`. */
export type KnownAttributes = {
  readonly has: (name: string) => boolean
  readonly keys: () => Iterable<string>
  readonly required?: readonly string[]
}

/** Names every attribute of an element that is not known to it, unless it is the misspelt name of a missing one. */
export function sayUnknownAttributes(context: DecodeContext, element: XmlElement, known: KnownAttributes): void {
  for (const attribute of element.attributes) {
    if (isKnown(attribute, known)) continue
    const fixes = guessAttribute(attribute, element, known)
    if (known.required?.some((name) => name === fixes[0]?.text)) continue
    const message = `<${element.name}> has no attribute ${attribute.name}; libvirt ignores it.${didYouMean(fixes)}`
    say(context, 'NWF123', attribute.nameSpan, message, [...fixes, ...removalFix(attribute)])
  }
}

/** Tells that a required attribute is missing: at the attribute that is likely to be it, else at the element's name. */
export function sayMissingAttribute(
  context: DecodeContext,
  element: XmlElement,
  name: string,
  known: KnownAttributes,
  message: string,
): void {
  for (const attribute of element.attributes) {
    const fixes = isKnown(attribute, known) ? [] : guessAttribute(attribute, element, known)
    if (fixes[0]?.text !== name) continue
    say(context, 'NWF121', attribute.nameSpan, `${message}${didYouMean(fixes)}`, fixes)
    return
  }
  say(context, 'NWF121', element.nameSpan, message)
}

function isKnown({ name }: XmlAttribute, known: KnownAttributes): boolean {
  return known.has(name) || name.startsWith('xmlns')
}

/** The known name that is closest, of those that the element does not have yet. */
function guessAttribute({ name, nameSpan }: XmlAttribute, element: XmlElement, known: KnownAttributes): readonly Fix[] {
  const free = [...known.keys()].filter((other) => !element.attributes.some((given) => given.name === other))
  return spellingFix(name, nameSpan, free)
}
