import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  builtinFilters,
  encodeBinding,
  encodeFilter,
  formatText,
  parseBinding,
  parseDocument,
  parseFilter,
  type XmlElement,
} from '#engine'
import { makeMalformed } from '../support/malformed.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomDocument } from '../support/random-document.ts'
import { randomCase } from '../support/random-filter.ts'

const COUNT = 500
const seed = seedOfRun()
console.log(`format: ${COUNT} random documents, filters and malformed texts each, SLUICE_SEED=${seed}`)

const CONFORMANCE = join(import.meta.dirname, '../../../shared/conformance')
const files = existsSync(CONFORMANCE)
  ? readdirSync(CONFORMANCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.xml'))
  : []
if (files.length === 0)
  console.log("skipped: formatting libvirt's own test data, because it is not beside this checkout")

const WIDE = `<ip srcipaddr='10.1.1.1' dstipaddr='10.1.1.2' protocol='tcp' srcportstart='1024' dstportstart='80' comment='${'x'.repeat(9)}'/>`
const SPREAD = WIDE.replaceAll(' d', '\n\td')

/** What an author wrote, and what it becomes. */
const GOLDEN: Readonly<Record<string, readonly [written: string, formatted: string]>> = {
  'an element a line, two blanks a level': [
    `<filter name='x'><rule action='drop' direction='in'><tcp/></rule><filterref filter='y'/></filter>`,
    `<filter name='x'>\n  <rule action='drop' direction='in'>\n    <tcp/>\n  </rule>\n  <filterref filter='y'/>\n</filter>\n`,
  ],
  'tabs and crooked indentation': [
    `  <filter name='x'>\n\t\t<rule action='drop' direction='in'>\n <mac/>\n\t</rule>\n </filter>\n`,
    `<filter name='x'>\n  <rule action='drop' direction='in'>\n    <mac/>\n  </rule>\n</filter>\n`,
  ],
  'an element without content closes itself': [
    `<filter name='x'>\n  <rule action='drop' direction='in'>\n    <tcp ></tcp >\n    <udp />\n    <arp>\n    </arp>\n  </rule>\n</filter>\n`,
    `<filter name='x'>\n  <rule action='drop' direction='in'>\n    <tcp/>\n    <udp/>\n    <arp/>\n  </rule>\n</filter>\n`,
  ],
  'attributes keep order, quotes and bytes': [
    `<filter   priority = "-1"\tname='a&#x62;&quot;"'  chain="it's &gt; >" />`,
    `<filter priority="-1" name='a&#x62;&quot;"' chain="it's &gt; >"/>\n`,
  ],
  'a tag spread over lines is joined where it fits': [
    `<filter\n    name='x'\n    chain='root'\n>\n</filter>`,
    `<filter name='x' chain='root'/>\n`,
  ],
  'and keeps an attribute a line where it does not': [
    `<filter name='x'><rule action='drop' direction='in'>${SPREAD}</rule></filter>`,
    `<filter name='x'>\n  <rule action='drop' direction='in'>\n    <ip\n${WIDE.slice(4, -2)
      .split(' ')
      .map((attribute) => `        ${attribute}`)
      .join('\n')}/>\n  </rule>\n</filter>\n`,
  ],
  'a wide tag on one line stays on it': [
    `<filter name='x'><rule action='drop' direction='in'>${WIDE}</rule></filter>`,
    `<filter name='x'>\n  <rule action='drop' direction='in'>\n    ${WIDE}\n  </rule>\n</filter>\n`,
  ],
  'a line end inside a value stays': [
    `<filter name='x'><filterref\nfilter='a\n  b'/></filter>`,
    `<filter name='x'>\n  <filterref filter='a\n  b'/>\n</filter>\n`,
  ],
  'comments of one line and of several': [
    `<!--first-->\n\n<filter name='x'>\n<!-- one -->\n      <!-- two\n           lines -->\n<filterref filter='y'/>\n</filter>\n<!-- last -->`,
    `<!--first-->\n\n<filter name='x'>\n  <!-- one -->\n  <!-- two\n           lines -->\n  <filterref filter='y'/>\n</filter>\n<!-- last -->\n`,
  ],
  'a comment behind something stays on its line': [
    `<filter name='x'>   <!-- of the filter -->\n  <filterref filter='y'/><!-- of y --> <!-- too -->\n<!-- of z --> <filterref filter='z'/></filter>  <!-- end -->`,
    `<filter name='x'> <!-- of the filter -->\n  <filterref filter='y'/> <!-- of y --> <!-- too -->\n  <!-- of z -->\n  <filterref filter='z'/>\n</filter> <!-- end -->\n`,
  ],
  'one blank line stays of several, none at the ends': [
    `\n\n<filter name='x'>\n\n\n  <filterref filter='a'/>\n\n \t\n\n  <filterref filter='b'/>\n  <filterref filter='c'/> <!-- c -->\n\n  <!-- d -->\n\n</filter>\n\n\n`,
    `<filter name='x'>\n  <filterref filter='a'/>\n\n  <filterref filter='b'/>\n  <filterref filter='c'/> <!-- c -->\n\n  <!-- d -->\n</filter>\n`,
  ],
  'text stays inline, with its blanks': [
    `<filter name='x'><uuid>\n 2cb9a2ab-7b2c-4d0f-b5b7-7a5d2e0f1c11 </uuid><uuid> </uuid><uuid></uuid></filter>`,
    `<filter name='x'>\n  <uuid>\n 2cb9a2ab-7b2c-4d0f-b5b7-7a5d2e0f1c11 </uuid>\n  <uuid> </uuid>\n  <uuid/>\n</filter>\n`,
  ],
  'elements among text, CDATA and kept space stay byte for byte': [
    `<domain><description>a <b>bold</b>\n word</description><x><![CDATA[ <y> ]]></x><z xml:space='preserve' > <a/>  <b/> </z><w> </w></domain>`,
    `<domain>\n  <description>a <b>bold</b>\n word</description>\n  <x><![CDATA[ <y> ]]></x>\n  <z xml:space='preserve'> <a/>  <b/> </z>\n  <w> </w>\n</domain>\n`,
  ],
  'what libvirt reads as text gets no blanks, whatever it holds': [
    `<filter name='x'><uuid><a/><!-- c --></uuid><x><![CDATA[ ]]><a/></x></filter>`,
    `<filter name='x'>\n  <uuid><a/><!-- c --></uuid>\n  <x><![CDATA[ ]]><a/></x>\n</filter>\n`,
  ],
  'a tag of 120 columns fits, one of 121 does not': [
    `<filter name='x'><filterref\nfilter='${'y'.repeat(96)}'/><filterref\nfilter='${'y'.repeat(97)}'/></filter>`,
    `<filter name='x'>\n  <filterref filter='${'y'.repeat(96)}'/>\n  <filterref\n      filter='${'y'.repeat(97)}'/>\n</filter>\n`,
  ],
  'XML declaration and byte order mark': [
    `\ufeff<?xml version="1.0"  encoding='UTF-8' ?><filter name='x'/>`,
    `\ufeff<?xml version="1.0"  encoding='UTF-8' ?>\n<filter name='x'/>\n`,
  ],
  'CRLF where there is nothing else': [
    `<filter name='x'>\r\n\r\n<!-- a\r\nb -->\r\n\r\n<rule\r\naction='drop' direction='in'></rule></filter>\r\n`,
    `<filter name='x'>\r\n  <!-- a\r\nb -->\r\n\r\n  <rule action='drop' direction='in'/>\r\n</filter>\r\n`,
  ],
  'LF where line ends are mixed': [
    `<filter name='x'>\r\n<!-- a\r\nb -->\n<filterref filter='y'/></filter>`,
    `<filter name='x'>\n  <!-- a\r\nb -->\n  <filterref filter='y'/>\n</filter>\n`,
  ],
  'a network': [
    `<network>\n<name>default</name><forward mode='nat' />\n  <ip address='192.0.2.1' netmask='255.255.255.0'><dhcp><range start='192.0.2.2' end='192.0.2.9'/></dhcp></ip></network>`,
    `<network>\n  <name>default</name>\n  <forward mode='nat'/>\n  <ip address='192.0.2.1' netmask='255.255.255.0'>\n    <dhcp>\n      <range start='192.0.2.2' end='192.0.2.9'/>\n    </dhcp>\n  </ip>\n</network>\n`,
  ],
}

test.each(Object.entries(GOLDEN))('%s', (_, [written, formatted]) => {
  expect(formatText(written, 'x')).toEqual({ value: formatted, diagnostics: [] })
  expect(formatText(formatted, 'x').value).toBe(formatted)
})

describe('of each text', () => {
  const random = makeRandom(seed)
  const texts = [
    ...builtinFilters.map(({ xml }) => xml),
    ...files.map((file) => readFileSync(join(CONFORMANCE, file), 'utf8')),
    ...Object.values(GOLDEN).map(([written]) => written),
    ...Array.from({ length: COUNT }, () => randomDocument(random)),
    ...Array.from({ length: COUNT }, () => randomCase(random).filters[0] ?? ''),
    ...makeMalformed(random, COUNT).map(({ text }) => text),
  ]
  const wellFormed = [...texts, ...texts.map(toCrlf)].filter(
    (text) => parseDocument(text, 'x').diagnostics.length === 0,
  )

  test('formatting it twice is formatting it once', () => {
    expect(wellFormed.length).toBeGreaterThan(2 * COUNT)
    for (const text of wellFormed) {
      const once = formatted(text)
      expect({ text, twice: formatText(once, 'x') }).toEqual({ text, twice: { value: once, diagnostics: [] } })
    }
  })

  test('nothing but white space between elements is different', () => {
    for (const text of wellFormed) {
      expect({ text, nodes: meaning(formatted(text)) }).toEqual({ text, nodes: meaning(text) })
    }
  })

  test('the filter or binding in it is the same, and so is what is told about it', () => {
    for (const text of wellFormed) {
      expect({ text, compiled: compiled(formatted(text)) }).toEqual({ text, compiled: compiled(text) })
    }
  })

  test('line ends are of one kind: CRLF stays CRLF', () => {
    for (const text of wellFormed.filter((written) => written.includes('\r\n') && !/(?<!\r)\n|\r(?!\n)/.test(written)))
      expect(formatted(text)).not.toMatch(/(?<!\r)\n/)
  })

  test('one that is not well-formed gets its diagnostics and no value', () => {
    const broken = texts.filter((text) => parseDocument(text, 'x').diagnostics.length > 0)
    expect(broken.length).toBeGreaterThan(COUNT / 2)
    for (const text of broken)
      expect(formatText(text, 'x')).toEqual({ value: undefined, diagnostics: parseDocument(text, 'x').diagnostics })
  })
})

test('the built-in filters are written in our formatting', () => {
  for (const { xml } of builtinFilters) expect(formatText(xml, 'x').value).toBe(xml)
})

test('a text that indentation would make too large to be read is left alone', () => {
  const text = `${'<a>'.repeat(200)}${'<b/>'.repeat(100_000)}${'</a>'.repeat(200)}`
  const { value, diagnostics } = formatText(text, 'x')
  expect([value, diagnostics.map(({ code }) => code)]).toEqual([undefined, ['NWF109']])
})

function formatted(text: string): string {
  const { value } = formatText(text, 'x')
  if (value === undefined) throw new Error(`not formatted: ${text.slice(0, 500)}`)
  return value
}

function toCrlf(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n')
}

/** Everything that a text says, apart from white space alone between elements or comments. */
function meaning(text: string): readonly unknown[] {
  const { value } = parseDocument(text, 'x')
  const cut = ({ start, end }: { start: number; end: number }) => text.slice(start, end)
  const ofElement = ({ name, attributes, children, openSpan, closeSpan }: XmlElement): unknown => ({
    name,
    attributes: attributes.map(({ name, value, valueSpan }) => [name, value, cut(valueSpan)]),
    // A leaf's text is data; blanks in elements that have none are not.
    content: children.some(({ kind }) => kind === 'element' || kind === 'comment')
      ? ofNodes(children)
      : cut({ start: openSpan.end, end: closeSpan.start }).replace(/^\s*$/, ''),
  })
  const ofNodes = (nodes: NonNullable<typeof value>['nodes']): readonly unknown[] =>
    nodes.flatMap((node) => {
      if (node.kind === 'element') return [ofElement(node)]
      const bytes = cut(node.span)
      return node.kind === 'text' && /^[ \t\r\n]*$/.test(bytes) ? [] : [bytes]
    })
  return ofNodes(value?.nodes ?? [])
}

function compiled(text: string): unknown {
  const filter = parseFilter(text, 'x')
  const binding = parseBinding(text, 'x')
  return {
    filter: filter.value && encodeFilter(filter.value),
    binding: binding.value && encodeBinding(binding.value),
    told: [...filter.diagnostics, ...binding.diagnostics].map(({ code, message }) => [code, message]),
  }
}
