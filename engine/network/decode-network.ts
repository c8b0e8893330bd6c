import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { didYouMean, say, spellingFix } from '../nwfilter/decode-context.ts'
import { attributeValue, childElement, findAttribute, textContent } from '../xml/access.ts'
import type { XmlDocument } from '../xml/document.ts'
import { FORWARD_MODES, type Network } from './network.ts'

/**
 * Reads a document as `<network>`, as far as the bindings of its guests need it: name, forward mode and bridge. A missing name is
 * NWF142, an unknown mode 135.
 */
export function decodeNetwork(document: XmlDocument, source: Source, dialect: Dialect = 'libvirt'): Staged<Network> {
  const diagnostics: Diagnostic[] = []
  const context = { source, dialect, diagnostics }
  const root = document.root
  if (root === undefined) return { value: undefined, diagnostics }
  if (root.name !== 'network') {
    say(context, 'NWF120', root.nameSpan, `A network begins with <network>, not <${root.name}>.`)
    return { value: undefined, diagnostics }
  }
  const name = textContent(childElement(root, 'name'))?.trim() ?? ''
  if (name === '') say(context, 'NWF142', root.nameSpan, 'The network has no name: <name>…</name>.')
  const element = childElement(root, 'forward')
  const written = findAttribute(element, 'mode')
  // A <forward/> without a mode translates addresses.
  const mode = element === undefined ? 'none' : (written?.value ?? 'nat')
  const forward = FORWARD_MODES.find((known) => known === mode && (known !== 'none' || element === undefined))
  if (forward === undefined && written !== undefined) {
    const fixes = spellingFix(mode, written.valueSpan, FORWARD_MODES.slice(1))
    const message = `“${mode}” is no forward mode: use one of ${FORWARD_MODES.slice(1).join(', ')}.${didYouMean(fixes)}`
    say(context, 'NWF135', written.valueSpan, message, fixes)
  }
  if (forward === undefined || hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const bridge = attributeValue(childElement(root, 'bridge'), 'name')
  return { value: { kind: 'network', name, forward, bridge, source }, diagnostics }
}
