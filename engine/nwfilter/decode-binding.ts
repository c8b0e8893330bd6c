import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { normaliseMac } from '../protocols/mac-type.ts'
import { attributeValue, childElement, textContent } from '../xml/access.ts'
import type { XmlAttribute, XmlDocument, XmlElement } from '../xml/document.ts'
import type { Binding } from './binding.ts'
import { contentSpan, type DecodeContext, elementSpelling, say } from './decode-context.ts'
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
    const { fixes } = elementSpelling(root, ['filterbinding'])
    say(context, 'NWF120', root.nameSpan, `A binding begins with <filterbinding>, not <${root.name}>.`, fixes)
    return { value: undefined, diagnostics }
  }
  const portElement = childElement(root, 'portdev')
  const message = 'The binding names no port device: <portdev name="…"/>.'
  const portDevice = need(attributeValue(portElement, 'name'), portElement ?? root, context, message)
  const linkDevice = decodeLinkDevice(root, context)
  const owner = decodeOwner(root, context)
  const mac = decodeMac(root, context)
  const reference = decodeReference(root, context)
  if (portDevice === undefined || owner === undefined || mac === undefined || reference === undefined)
    return { value: undefined, diagnostics }
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const { filter, filterSpan, parameters, parameterSpans } = reference
  return {
    value: {
      kind: 'binding',
      portDevice,
      linkDevice,
      owner,
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

function decodeLinkDevice(root: XmlElement, context: DecodeContext): string | undefined {
  const element = childElement(root, 'linkdev')
  if (element === undefined) return undefined
  return need(attributeValue(element, 'name'), element, context, '<linkdev> needs the attribute name.')
}

function decodeOwner(root: XmlElement, context: DecodeContext): Binding['owner'] | undefined {
  const owner = childElement(root, 'owner')
  const element = childElement(owner, 'name')
  const message = 'The binding does not name its owner: <owner><name>…</name></owner>.'
  const name = need(textContent(element), element ?? owner ?? root, context, message)
  const uuid = decodeOwnerUuid(owner, root, context)
  return name === undefined || uuid === undefined ? undefined : { name, uuid }
}

function decodeOwnerUuid(owner: XmlElement | undefined, root: XmlElement, context: DecodeContext): string | undefined {
  const element = childElement(owner, 'uuid')
  const message = 'The binding has no UUID of its owner: <owner><uuid>…</uuid></owner>.'
  const written = need(textContent(element), element ?? owner ?? root, context, message)
  if (element === undefined || written === undefined) return undefined
  const uuid = readUuid(written)
  if (uuid === undefined) say(context, 'NWF132', contentSpan(element), `“${written.trim()}” is no UUID.`)
  return uuid
}

function decodeMac(root: XmlElement, context: DecodeContext): string | undefined {
  const element = childElement(root, 'mac')
  const message = 'The binding has no MAC address: <mac address="…"/>.'
  need(attributeValue(element, 'address'), element ?? root, context, message)
  const address = element?.attributes.find(({ name, value }) => name === 'address' && value !== '')
  return address && decodeAddress(address, context)
}

/** The MAC address of an attribute, also in a domain. */
export function decodeAddress({ value, valueSpan }: XmlAttribute, context: DecodeContext): string | undefined {
  const mac = normaliseMac(value)
  if (mac !== undefined) return mac
  const message = `“${value}” is no MAC address such as 52:54:00:12:34:56.`
  const colons = value.replaceAll('-', ':')
  const fixes = normaliseMac(colons) === undefined ? [] : [{ title: `Write ${colons}`, span: valueSpan, text: colons }]
  say(context, 'NWF135', valueSpan, message, fixes)
  return undefined
}

function decodeReference(root: XmlElement, context: DecodeContext): FilterRef | undefined {
  const element = childElement(root, 'filterref')
  if (element === undefined || (attributeValue(element, 'filter') ?? '') === '') {
    say(context, 'NWF140', (element ?? root).nameSpan, 'The binding names no filter: <filterref filter="…"/>.')
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
