import type { DesiredDevice } from './compile-desired.ts'
import type { FilterTexts } from './filter-texts.ts'

/** The name of the filter that lets nothing pass. */
export const DROP_ALL = 'sluice-drop-all'
/** One object, so that all devices that have it share its rules. */
const TEXTS: FilterTexts = [
  {
    name: DROP_ALL,
    xml: `<filter name='${DROP_ALL}' chain='root'>\n  <rule action='drop' direction='inout' priority='500'/>\n</filter>\n`,
  },
]
const OWNER = '<owner><name>sluice</name><uuid>00000000-0000-4000-8000-000000000000</uuid></owner>'

/** A device that nothing passes, in place of one whose binding cannot be compiled. Its name has been checked. */
export function dropAll(portDevice: string): DesiredDevice {
  const bindingXml = `<filterbinding>${OWNER}<portdev name='${portDevice}'/><mac address='52:54:00:00:00:00'/><filterref filter='${DROP_ALL}'/></filterbinding>`
  return { portDevice, filter: DROP_ALL, bindingXml, filters: TEXTS, whenBroken: 'keep' }
}
