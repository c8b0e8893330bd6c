import {
  builtinFilters,
  type Dialect,
  type Filter,
  type HostFrame,
  type KnownShapes,
  LEAST_CAPABILITIES,
  lowerHost,
  type NicInput,
  parseBinding,
  parseFilter,
  placeNic,
  printTransaction,
} from '#engine'

/** What a NIC of a test host is: its filter, and its parameters. */
export type TestNic = {
  readonly portDevice: string
  readonly mac?: string
  readonly filter: string
  readonly parameters?: Readonly<Record<string, string | readonly string[]>>
}

/** The built-in filters, and these. */
export function filtersWith(
  own: Readonly<Record<string, string>> = {},
  dialect: Dialect = 'libvirt',
): ReadonlyMap<string, Filter> {
  const texts = new Map([...builtinFilters.map(({ name, xml }) => [name, xml] as const), ...Object.entries(own)])
  return new Map(
    [...texts].flatMap(([name, xml]) => {
      const { value } = parseFilter(xml, `filter:${name}`, dialect)
      return value === undefined ? [] : [[value.name, value] as const]
    }),
  )
}

const lineOf = () => 1

/** NICs as the backend takes them; throws for one that cannot be placed. */
export function placeAll(
  filters: ReadonlyMap<string, Filter>,
  nics: readonly TestNic[],
  dialect: Dialect = 'libvirt',
): readonly NicInput[] {
  const known: KnownShapes = new Map()
  return nics.map((nic) => {
    const binding = parseBinding(bindingOf(nic), `binding:${nic.portDevice}`, dialect).value
    const placed = binding && placeNic({ filters, binding, dialect, lineOf }, known)
    if (placed?.value === undefined)
      throw new Error(placed?.diagnostics.map(({ message }) => message).join('\n') ?? 'no binding')
    return placed.value
  })
}

/** The text that leads from one set of NICs to another, and what stands behind it. */
export function transactionTo(nics: readonly NicInput[], before?: HostFrame, observed: readonly string[] = []) {
  const options = { capabilities: LEAST_CAPABILITIES, observed: new Set(observed) }
  const parts = lowerHost(nics, options, before?.parts)
  const errors = [...parts.diagnostics.values()].flat().map(({ code, message }) => `${code} ${message}`)
  return { ...printTransaction(before, parts, LEAST_CAPABILITIES), errors }
}

/** Clean-traffic NICs by number, each with an address of its own. */
export function cleanNics(count: number): readonly TestNic[] {
  return Array.from({ length: count }, (_, at) => ({
    portDevice: `vnet${at}`,
    mac: `52:54:00:00:${hex(at >> 8)}:${hex(at & 255)}`,
    filter: 'clean-traffic',
    parameters: { IP: `10.0.${at >> 8}.${at & 255}` },
  }))
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function bindingOf({ portDevice, mac = '52:54:00:00:00:10', filter, parameters = {} }: TestNic): string {
  const inXml = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&#39;').replaceAll('\n', '&#10;')
  const values = Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((one) => `<parameter name='${name}' value='${inXml(one)}'/>`),
  )
  const owner = `<owner><name>guest</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner>`
  return `<filterbinding>${owner}<portdev name='${inXml(portDevice)}'/><mac address='${mac}'/><filterref filter='${inXml(filter)}'>${values.join('')}</filterref></filterbinding>`
}
