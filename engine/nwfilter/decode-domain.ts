import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { attributeValue, childElement, childElements, findAttribute, textContent } from '../xml/access.ts'
import type { XmlDocument, XmlElement } from '../xml/document.ts'
import { decodeAddress } from './decode-binding.ts'
import { contentSpan, type DecodeContext, elementRemoval, say } from './decode-context.ts'
import { decodeFilterRef } from './decode-entry.ts'
import type { Domain, DomainInterface } from './domain.ts'
import type { FilterRef } from './filter.ts'
import { readUuid } from './read-uuid.ts'
import { uuidFromName } from './uuid-from-name.ts'

/** Types of interfaces whose frames pass a bridge of the host. */
const FILTERED_TYPES = ['network', 'bridge', 'ethernet']

type Owner = { readonly name: string; readonly uuid: string }

/**
 * Reads a document as `<domain>`: the bindings libvirt makes of its interfaces with a filterref. An interface that cannot carry
 * a filter is NWF141, a missing name 142. A device without name gets the next free vnet name, as libvirt gives it at the
 * start (143). Spec 8.5.
 */
export function decodeDomain(document: XmlDocument, source: Source, dialect: Dialect = 'libvirt'): Staged<Domain> {
  const diagnostics: Diagnostic[] = []
  const context = { source, dialect, diagnostics }
  const root = document.root
  if (root === undefined) return { value: undefined, diagnostics }
  if (root.name !== 'domain') {
    say(context, 'NWF120', root.nameSpan, `A domain begins with <domain>, not <${root.name}>.`)
    return { value: undefined, diagnostics }
  }
  const owner = decodeOwner(root, context)
  const elements = childElements(childElement(root, 'devices'), 'interface')
  const taken = new Set(elements.flatMap((element) => attributeValue(childElement(element, 'target'), 'dev') ?? []))
  const interfaces = elements.flatMap((element) => {
    const reference = childElement(element, 'filterref')
    return reference === undefined ? [] : [decodeInterface(element, reference, owner, taken, context)]
  })
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  return { value: { kind: 'domain', ...owner, interfaces, source }, diagnostics }
}

function decodeOwner(root: XmlElement, context: DecodeContext): Owner {
  const name = textContent(childElement(root, 'name'))?.trim() ?? ''
  if (name === '') say(context, 'NWF142', root.nameSpan, 'The domain has no name: <name>…</name>.')
  const element = childElement(root, 'uuid')
  const written = textContent(element)
  const uuid = written === undefined ? uuidFromName(name) : readUuid(written)
  if (uuid === undefined && element !== undefined)
    say(context, 'NWF132', contentSpan(element), `“${written?.trim()}” is no UUID.`, elementRemoval(element))
  return { name, uuid: uuid ?? '' }
}

function decodeInterface(
  element: XmlElement,
  reference: XmlElement,
  owner: Owner,
  taken: Set<string>,
  context: DecodeContext,
): DomainInterface {
  sayUnfiltered(element, reference, context)
  const source = childElement(element, 'source')
  const network = findAttribute(source, 'network')
  const decoded = decodeFilterRef(reference, context)
  return {
    network: network && { name: network.value, span: network.valueSpan },
    binding: decoded && bind(element, decoded, owner, taken, context),
  }
}

function sayUnfiltered(element: XmlElement, reference: XmlElement, context: DecodeContext): void {
  const type = attributeValue(element, 'type') ?? ''
  const virtualPort = childElement(element, 'virtualport')
  if (!FILTERED_TYPES.includes(type)) {
    const message = `filterref is not supported for network interfaces of type ${type === '' ? '(none)' : type}: use bridge, network or ethernet.`
    say(context, 'NWF141', reference.nameSpan, message)
  } else if (virtualPort !== undefined) {
    const kind = attributeValue(virtualPort, 'type') ?? '(none)'
    const message = `filterref is not supported for network interfaces with virtualport type ${kind}.`
    say(context, 'NWF141', reference.nameSpan, message)
  }
}

function bind(
  element: XmlElement,
  { filter, filterSpan, parameters, parameterSpans, parameterValueSpans }: FilterRef,
  owner: Owner,
  taken: Set<string>,
  context: DecodeContext,
): DomainInterface['binding'] {
  const address = findAttribute(childElement(element, 'mac'), 'address')
  const mac = address && decodeAddress(address, context)
  if (address === undefined) {
    const message =
      'The interface has no MAC address; libvirt draws one when the domain is defined, and its rules cannot be told before.'
    say(context, 'NWF143', element.nameSpan, message)
  }
  if (mac === undefined) return undefined
  const target = findAttribute(childElement(element, 'target'), 'dev')
  const named = target?.value ?? ''
  const portDevice = named === '' ? nextName(taken) : named
  if (named === '')
    say(context, 'NWF143', element.nameSpan, `The interface names no device: its rules are shown for ${portDevice}.`)
  return {
    kind: 'binding',
    portDevice,
    portDeviceSpan: named === '' ? undefined : target?.valueSpan,
    linkDevice: undefined,
    owner,
    mac,
    filter,
    filterSpan,
    parameters,
    parameterSpans,
    parameterValueSpans,
    source: context.source,
  }
}

/** The device name libvirt would take for the next interface. */
function nextName(taken: Set<string>): string {
  let number = 0
  while (taken.has(`vnet${number}`)) number += 1
  taken.add(`vnet${number}`)
  return `vnet${number}`
}
