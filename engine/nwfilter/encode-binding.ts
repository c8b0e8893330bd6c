import type { Binding } from './binding.ts'
import { encodeFilterRef } from './encode-filter.ts'
import { escapeXml } from './escape-xml.ts'

/** The text `virsh nwfilter-binding-dumpxml` prints. Spec 8.4. */
export function encodeBinding(binding: Binding): string {
  const link = binding.linkDevice === undefined ? '' : `  <linkdev name='${escapeXml(binding.linkDevice)}'/>\n`
  return [
    '<filterbinding>\n  <owner>\n',
    `    <name>${escapeXml(binding.owner.name)}</name>\n    <uuid>${binding.owner.uuid}</uuid>\n  </owner>\n`,
    `  <portdev name='${escapeXml(binding.portDevice)}'/>\n${link}`,
    `  <mac address='${binding.mac}'/>\n`,
    encodeFilterRef(binding, '  ', escapeXml),
    '</filterbinding>\n',
  ].join('')
}
