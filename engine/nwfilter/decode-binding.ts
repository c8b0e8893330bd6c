import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { normaliseMac } from '../protocols/mac-type.ts'
import { attributeValue, childElement, textContent } from '../xml/access.ts'
import type { XmlDocument, XmlElement } from '../xml/document.ts'
import type { Binding } from './binding.ts'
import { type DecodeContext, say } from './decode-context.ts'
import { decodeFilterRef } from './decode-entry.ts'
import type { FilterRef } from './filter.ts'
import { readUuid } from './read-uuid.ts'

/** Reads a document as `<filterbinding>`; the value is undefined exactly where libvirt refuses it. Spec 8.4. */
export function decodeBinding(document: XmlDocument, source: Source, dialect: Dialect = 'libvirt'): Staged<Binding> {
  const diagnostics: Diagnostic[] = []
  const context = { source, dialect, diagnostics }
  const root = document.root
  if (root === undefined) return { value: undefined, diagnostics }
  if (root.name !== 'filterbinding') {
    say(context, 'NWF120', root.nameSpan, `A binding begins with <filterbinding>, not <${root.name}>.`)
    return { value: undefined, diagnostics }
  }
  const portDevice = need(
    attributeValue(childElement(root, 'portdev'), 'name'),
    root,
    context,
    'filter binding has no port dev name',
  )
  const linkElement = childElement(root, 'linkdev')
  const linkDevice =
    linkElement === undefined
      ? undefined
      : need(attributeValue(linkElement, 'name'), linkElement, context, 'filter binding has no link dev name')
  const owner = childElement(root, 'owner')
  const ownerName = need(
    textContent(childElement(owner, 'name')),
    owner ?? root,
    context,
    'filter binding has no owner name',
  )
  const uuid = decodeOwnerUuid(owner, root, context)
  const mac = decodeMac(root, context)
  const reference = decodeReference(root, context)
  if (
    portDevice === undefined ||
    ownerName === undefined ||
    uuid === undefined ||
    mac === undefined ||
    reference === undefined
  )
    return { value: undefined, diagnostics }
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const { filter, filterSpan, parameters, parameterSpans } = reference
  return {
    value: {
      kind: 'binding',
      portDevice,
      linkDevice,
      owner: { name: ownerName, uuid },
      mac,
      filter,
      filterSpan,
      parameters,
      parameterSpans,
      source,
    },
    diagnostics,
  }
}

function decodeOwnerUuid(owner: XmlElement | undefined, root: XmlElement, context: DecodeContext): string | undefined {
  const element = childElement(owner, 'uuid')
  const written = need(textContent(element), owner ?? root, context, 'filter binding has no owner UUID')
  if (written === undefined) return undefined
  const uuid = readUuid(written)
  if (uuid === undefined) say(context, 'NWF132', (element ?? root).span, `Unable to parse UUID '${written}'.`)
  return uuid
}

function decodeMac(root: XmlElement, context: DecodeContext): string | undefined {
  const element = childElement(root, 'mac')
  const written = need(attributeValue(element, 'address'), root, context, 'filter binding has no MAC address')
  if (written === undefined) return undefined
  const mac = normaliseMac(written)
  if (mac === undefined) say(context, 'NWF135', (element ?? root).openSpan, `Unable to parse MAC '${written}'.`)
  return mac
}

function decodeReference(root: XmlElement, context: DecodeContext): FilterRef | undefined {
  const element = childElement(root, 'filterref')
  if (element === undefined || (attributeValue(element, 'filter') ?? '') === '') {
    say(context, 'NWF140', (element ?? root).nameSpan, 'filter binding has no filter reference')
    return undefined
  }
  return decodeFilterRef(element, context)
}

/** An empty text counts as missing. */
function need(
  value: string | undefined,
  place: XmlElement,
  context: DecodeContext,
  message: string,
): string | undefined {
  if (value !== undefined && value !== '') return value
  say(context, 'NWF140', place.nameSpan, message)
  return undefined
}
