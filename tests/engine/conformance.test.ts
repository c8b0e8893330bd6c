import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Binding,
  compileCommands,
  encodeBinding,
  encodeFilter,
  type Filter,
  parseBinding,
  parseFilter,
} from '#engine'
import { cutFixedBlocks } from '../support/cut-fixed-blocks.ts'
import { splitCommand } from '../support/split-command.ts'

/** Data of libvirt's own test suites; it is not ours to keep here. */
const DATA = resolve(import.meta.dirname, '../../../shared/conformance')
const isThere = existsSync(DATA)
if (!isThere) console.log("skipped: the data of libvirt's own test suites, because they are not beside this checkout")
console.log('skipped: networkxml2firewall, because the engine does not compile virtual networks')

const PORT_DEVICE = 'vnet0'
/** libvirt's suite gives these to every filter, and neither a MAC nor an IP address. */
const VARIABLES: Binding['parameters'] = new Map([
  ['IPSETNAME', ['tck_test']],
  ['A', ['1.1.1.1', '2.2.2.2', '3.3.3.3', '3.3.3.3']],
  ['B', ['80', '90', '80', '80']],
  ['C', ['1080', '1090', '1100', '1110']],
])

describe.skipIf(!isThere)('nwfilterxml2firewall', () => {
  test.each(names('nwfilterxml2firewall', '.args'))('%s is compiled to the commands of its golden file', (name) => {
    const golden = readLines(read('nwfilterxml2firewall', `${name}.args`)).map(splitCommand)
    expect(cutFixedBlocks(compile(name), PORT_DEVICE)).toEqual(golden)
  })
})

describe.skipIf(!isThere)('nwfilterxml2xml', () => {
  const all = names('nwfilterxml2xml/in', '.xml')
  test.each(all.filter((name) => !name.endsWith('-invalid')))(
    '%s is printed as its golden file, byte by byte',
    (name) => {
      const { value } = parseFilter(read('nwfilterxml2xml/in', `${name}.xml`), name)
      expect(value && encodeFilter(value)).toBe(read('nwfilterxml2xml/out', `${name}.xml`))
    },
  )
  test.each(all.filter((name) => name.endsWith('-invalid')))('%s is refused', (name) => {
    expect(parseFilter(read('nwfilterxml2xml/in', `${name}.xml`), name).value).toBeUndefined()
  })
})

describe.skipIf(!isThere)('nwfilterbindingxml2xml', () => {
  test.each(names('nwfilterbindingxml2xml', '.xml'))('%s is printed as it was read, byte by byte', (name) => {
    const xml = read('nwfilterbindingxml2xml', `${name}.xml`)
    const { value } = parseBinding(xml, name)
    expect(value && encodeBinding(value)).toBe(xml)
  })
})

/** Of all filters in the folder the file names are the names, and the name inside counts for nothing. */
function compile(name: string): readonly (readonly string[])[] {
  const filters = new Map<string, Filter>()
  for (const file of names('nwfilterxml2firewall', '.xml')) {
    const { value } = parseFilter(read('nwfilterxml2firewall', `${file}.xml`), `filter:${file}`)
    if (value !== undefined) filters.set(file, value)
  }
  const binding: Binding = {
    kind: 'binding',
    portDevice: PORT_DEVICE,
    linkDevice: undefined,
    owner: { name: 'test', uuid: 'd54df46f-1ab5-4a22-8618-4560ef5fac2c' },
    mac: '52:54:00:aa:bb:cc',
    filter: name,
    filterSpan: { start: 0, end: 0 },
    parameters: VARIABLES,
    source: `binding:${PORT_DEVICE}`,
  }
  return compileCommands({ filters, binding, dialect: 'libvirt' }).value ?? []
}

/** One command a line; a backslash at the end of a line continues it. */
function readLines(text: string): readonly string[] {
  return text
    .replaceAll(' \\\n', ' ')
    .split('\n')
    .filter((line) => line !== '')
}

function names(folder: string, ending: string): readonly string[] {
  if (!isThere) return []
  return readdirSync(join(DATA, folder)).flatMap((file) =>
    file.endsWith(ending) ? [file.slice(0, -ending.length)] : [],
  )
}

function read(folder: string, file: string): string {
  return readFileSync(join(DATA, folder, file), 'utf8')
}
