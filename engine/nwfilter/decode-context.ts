import type { Diagnostic, Fix, Source } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/registry.ts'
import { report } from '../diagnostics/report.ts'
import type { Span } from '../diagnostics/span.ts'
import type { XmlAttribute, XmlElement } from '../xml/document.ts'
import { closestName } from './closest-name.ts'

/** Where decoders put what they find. */
export type DecodeContext = { readonly source: Source; readonly diagnostics: Diagnostic[] }

/** Adds a diagnostic to the context. */
export function say(
  context: DecodeContext,
  code: DiagnosticCode,
  span: Span,
  message: string,
  fixes: readonly Fix[] = [],
): void {
  context.diagnostics.push(report(code, context.source, span, message, { fixes }))
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

/** Names every unknown attribute of an element. */
export function sayUnknownAttributes(context: DecodeContext, element: XmlElement, known: readonly string[]): void {
  for (const attribute of element.attributes) {
    if (known.includes(attribute.name) || attribute.name.startsWith('xmlns')) continue
    const fixes = spellingFix(attribute.name, attribute.nameSpan, known)
    say(
      context,
      'NWF123',
      attribute.nameSpan,
      `<${element.name}> has no attribute ${attribute.name}; libvirt ignores it.${didYouMean(fixes)}`,
      fixes,
    )
  }
}
