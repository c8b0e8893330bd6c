import type { Diagnostic, Fix, Source } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/registry.ts'
import { report } from '../diagnostics/report.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { severityIn } from '../dialects/severity-in.ts'
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
  const found = element.attributes.find((attribute) => attribute.name === name)
  return found === undefined || found.value === '' ? undefined : found
}

/** A fix that replaces a misspelt word by the closest known one. */
export function spellingFix(written: string, span: Span, known: Iterable<string>): readonly Fix[] {
  const close = closestName(written, known)
  return close === undefined ? [] : [{ title: `Use ${close}`, span, text: close }]
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

/** Names every attribute of an element that is not known to it. */
export function sayUnknownAttributes(
  context: DecodeContext,
  element: XmlElement,
  known: { readonly has: (name: string) => boolean; readonly keys: () => Iterable<string> },
): void {
  for (const attribute of element.attributes) {
    if (known.has(attribute.name) || attribute.name.startsWith('xmlns')) continue
    const fixes = spellingFix(attribute.name, attribute.nameSpan, known.keys())
    const message = `<${element.name}> has no attribute ${attribute.name}; libvirt ignores it.${didYouMean(fixes)}`
    say(context, 'NWF123', attribute.nameSpan, message, [...fixes, ...removalFix(attribute)])
  }
}
