import type { Binding } from './binding.ts'
import { encodeFilterRef } from './encode-filter.ts'
import { escapeXml } from './escape-xml.ts'

/** The text of a binding, to be read again. */
export function encodeBinding(binding: Binding): string {
  return encode(binding, escapeXml)
}

/** The text `virsh nwfilter-binding-dumpxml` prints: there the name of the filter is not escaped. Spec 8.4. */
export function canonicalBinding(binding: Binding): string {
  return encode(binding, (name) => name)
}

function encode(binding: Binding, escapeFilter: (name: string) => string): string {
  const link = binding.linkDevice === undefined ? '' : `  <linkdev name='${escapeXml(binding.linkDevice)}'/>\n`
  return [
    '<filterbinding>\n  <owner>\n',
    `    <name>${escapeXml(binding.owner.name)}</name>\n    <uuid>${binding.owner.uuid}</uuid>\n  </owner>\n`,
    `  <portdev name='${escapeXml(binding.portDevice)}'/>\n${link}`,
    `  <mac address='${binding.mac}'/>\n`,
    encodeFilterRef(binding, '  ', escapeFilter),
    '</filterbinding>\n',
  ].join('')
}
