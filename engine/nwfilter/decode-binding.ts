import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { normaliseMac } from '../protocols/mac-type.ts'
import { attributeValue, childElement, childElements, findAttribute, textContent } from '../xml/access.ts'
import type { XmlAttribute, XmlDocument, XmlElement } from '../xml/document.ts'
import type { Binding } from './binding.ts'
import { contentSpan, type DecodeContext, didYouMean, elementSpelling, say, spellingFix } from './decode-context.ts'
import { decodeFilterRef } from './decode-entry.ts'
import { decodeParameters } from './decode-parameters.ts'
import type { FilterRef } from './filter.ts'
import { readUuid } from './read-uuid.ts'
import { sayBindingStrays } from './say-binding-strays.ts'

/**
 * Reads a document as `<filterbinding>`; the value is undefined exactly where libvirt refuses it. What is missing is told in
 * libvirt's words and in the order in which it looks. Spec 8.4.
 */
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
  const portElement = firstWith(root, 'portdev', 'name')
  const message = 'filter binding has no port dev name: write <portdev name="…"/>.'
  const portDevice = needAttribute('name', portElement, root, context, message)
  const linkDevice = decodeLinkDevice(root, context)
  const owner = decodeOwner(root, context)
  const mac = decodeMac(root, context)
  const reference = decodeReference(root, context)
  sayBindingStrays(root, context)
  if (portDevice === undefined || owner === undefined || mac === undefined || reference === undefined)
    return { value: undefined, diagnostics }
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const { filter, filterSpan, parameters, parameterSpans, parameterValueSpans } = reference
  return {
    value: {
      kind: 'binding',
      portDevice,
      portDeviceSpan: findAttribute(portElement, 'name')?.valueSpan,
      linkDevice,
      owner,
      mac,
      filter,
      filterSpan,
      parameters,
      parameterSpans,
      parameterValueSpans,
      source,
    },
    diagnostics,
  }
}

function decodeLinkDevice(root: XmlElement, context: DecodeContext): string | undefined {
  const element = firstWith(root, 'linkdev', 'name')
  if (element === undefined) return undefined
  const message = 'filter binding has no link dev name: write <linkdev name="…"/>, or remove the element.'
  return needAttribute('name', element, root, context, message)
}

function decodeOwner(root: XmlElement, context: DecodeContext): Binding['owner'] | undefined {
  const owner = childElement(root, 'owner')
  const element = firstOfOwners(root, 'name')
  const message = 'filter binding has no owner name: write <owner><name>…</name></owner>.'
  const name = need(textContent(element), element ?? owner ?? root, context, message)
  const uuid = decodeOwnerUuid(owner, root, context)
  return name === undefined || uuid === undefined ? undefined : { name, uuid }
}

function decodeOwnerUuid(owner: XmlElement | undefined, root: XmlElement, context: DecodeContext): string | undefined {
  const element = firstOfOwners(root, 'uuid')
  const message = 'filter binding has no owner UUID: write <owner><uuid>…</uuid></owner>.'
  const written = need(textContent(element), element ?? owner ?? root, context, message)
  if (element === undefined || written === undefined) return undefined
  const uuid = readUuid(written)
  if (uuid === undefined) {
    const wrong = `Unable to parse UUID '${written.replace(/[\t\r\n]/g, ' ')}': 32 hexadecimal digits are expected, such as d54df46f-1ab5-4a22-8618-4560ef5fac2c.`
    say(context, 'NWF132', contentSpan(element), wrong)
  }
  return uuid
}

function decodeMac(root: XmlElement, context: DecodeContext): string | undefined {
  const element = firstWith(root, 'mac', 'address')
  const message = 'filter binding has no MAC address: write <mac address="…"/>.'
  needAttribute('address', element, root, context, message)
  const address = element?.attributes.find(({ name, value }) => name === 'address' && value !== '')
  return address && decodeAddress(address, context)
}

/** The MAC address of an attribute, also in a domain. */
export function decodeAddress({ value, valueSpan }: XmlAttribute, context: DecodeContext): string | undefined {
  const mac = normaliseMac(value)
  if (mac !== undefined) return mac
  const message = `Unable to parse MAC '${value}': six pairs of hexadecimal digits are expected, such as 52:54:00:12:34:56.`
  const colons = value.replaceAll('-', ':')
  const fixes = normaliseMac(colons) === undefined ? [] : [{ title: `Write ${colons}`, span: valueSpan, text: colons }]
  say(context, 'NWF135', valueSpan, message, fixes)
  return undefined
}

function decodeReference(root: XmlElement, context: DecodeContext): FilterRef | undefined {
  const first = childElement(root, 'filterref')
  const element = firstWith(root, 'filterref', 'filter')
  const message = 'filter binding has no filter reference: write <filterref filter="…"/>.'
  const filter = needAttribute('filter', element, root, context, message)
  if (first === undefined || element === undefined || filter === undefined) return undefined
  const reference = decodeFilterRef(element, context)
  // The parameters are those of the very first reference, named or not.
  return first === element || reference === undefined
    ? reference
    : { ...reference, ...decodeParameters(first, context) }
}

/** libvirt asks for the first attribute that there is: a part without it does not count beside one that has it. */
function firstWith(root: XmlElement, name: string, attribute: string): XmlElement | undefined {
  const parts = childElements(root, name)
  return parts.find((part) => attributeValue(part, attribute) !== undefined) ?? parts[0]
}

/** The first name or UUID of all owners. */
function firstOfOwners(root: XmlElement, name: string): XmlElement | undefined {
  return childElements(root, 'owner').flatMap((owner) => childElements(owner, name))[0]
}

/** An attribute of a part of the binding: what is missing is told at the attribute that is likely to be it, if there is one. */
function needAttribute(
  name: string,
  element: XmlElement | undefined,
  root: XmlElement,
  context: DecodeContext,
  message: string,
): string | undefined {
  const written = attributeValue(element, name)
  const slips = written === undefined ? (element?.attributes ?? []) : []
  const fix = slips.flatMap((slip) => spellingFix(slip.name, slip.nameSpan, [name]))[0]
  if (fix === undefined) return need(written, element ?? root, context, message)
  say(context, 'NWF140', fix.span, `${message}${didYouMean([fix])}`, [fix])
  return undefined
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
