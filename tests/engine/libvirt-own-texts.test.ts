import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtinFilters, encodeFilter, parseFilter } from '#engine'
import { compileLikeOracle } from '../support/compile-like-oracle.ts'
import { askOracle, oracleMissing } from '../support/oracle.ts'

const FOLDER = '/etc/libvirt/nwfilter'
const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith('.xml')) : []
const texts = new Map(names.map((file) => [file.replace('.xml', ''), readFileSync(join(FOLDER, file), 'utf8')]))
if (texts.size === 0)
  console.log("skipped: libvirt's own texts of the built-in filters, because they are not installed")
else if (oracleMissing !== undefined) console.log(`skipped: libvirt's own canonical texts, because ${oracleMissing}`)

const VARIABLES = [
  ['MAC', '52:54:00:aa:bb:cc'],
  ['GATEWAY_MAC', '52:54:00:00:00:01'],
  ['DHCPSERVER', 'fe80::1'],
  ['IP', '10.1.1.5'],
  ['IP', '10.1.1.6'],
  ['IPV6', '2001:db8::5'],
] as const

test.skipIf(texts.size === 0)("our built-in filters compile to what libvirt's own texts of them compile to", () => {
  expect([...texts.keys()].sort()).toEqual(builtinFilters.map(({ name }) => name).sort())
  const others = (name: string, all: readonly (readonly [string, string])[]) =>
    all.filter(([other]) => other !== name).map(([, xml]) => xml)
  const ours = builtinFilters.map(({ name, xml }) => [name, xml] as const)
  for (const [name, xml] of ours) {
    // Of a DHCP server filter only one family takes a given address.
    const variables =
      name === 'allow-dhcp-server'
        ? [...VARIABLES.filter(([v]) => v !== 'DHCPSERVER'), ['DHCPSERVER', '10.1.1.1'] as const]
        : VARIABLES
    const mine = compileLikeOracle({ filters: [xml, ...others(name, ours)], variables })
    const theirs = compileLikeOracle({ filters: [texts.get(name) ?? '', ...others(name, [...texts])], variables })
    expect({ name, ok: mine.ok, commands: mine.commands }).toEqual({ name, ok: true, commands: theirs.commands })
  }
})

test.skipIf(texts.size === 0 || oracleMissing !== undefined)("canonical gives libvirt's text byte for byte", () => {
  const ours = builtinFilters.map(({ name, xml }) => [`our ${name}`, xml] as const)
  const all = [...texts, ...ours].map(([name, xml]) => [name, withUuid(xml)] as const)
  const answers = askOracle(all.map(([, xml]) => ({ filters: [xml], variables: [] })))
  for (const [at, [name, xml]] of all.entries()) {
    const { value } = parseFilter(xml, name)
    expect({ name, text: value && encodeFilter(value) }).toEqual({ name, text: answers[at]?.canonical[0] })
  }
})

/** Without one libvirt draws a random UUID for each text. */
function withUuid(xml: string): string {
  return xml.includes('<uuid>')
    ? xml
    : xml.replace(/(<filter [^>]*>)/, '$1<uuid>2cb9a2ab-7b2c-4d0f-b5b7-7a5d2e0f1c11</uuid>')
}
