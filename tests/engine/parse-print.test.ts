import { XMLParser } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { builtinFilters, parseDocument, printDocument, type XmlElement } from '#engine'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomDocument } from '../support/random-document.ts'

const COUNT = 300
const seed = seedOfRun()
console.log(`parse and print: ${COUNT} random documents, SLUICE_SEED=${seed}`)

const random = makeRandom(seed)
const TEXTS = [...builtinFilters.map(({ xml }) => xml), ...Array.from({ length: COUNT }, () => randomDocument(random))]

test('printing an untouched document gives its bytes', () => {
  for (const text of TEXTS) {
    const { value, diagnostics } = parseDocument(text, 'x')
    expect({ text, diagnostics }).toEqual({ text, diagnostics: [] })
    expect(value && printDocument(value)).toBe(text)
  }
})

test('names, attributes, their order and values are those that another parser reads', () => {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    trimValues: false,
    processEntities: true,
    htmlEntities: true,
  })
  for (const text of TEXTS) {
    const root = parseDocument(text, 'x').value?.root
    expect({ text, tree: root && treeOf(root) }).toEqual({ text, tree: witnessTree(parser.parse(text))[0] })
  }
})

test('the span of each name and value cuts exactly that out of the text', () => {
  for (const text of TEXTS) {
    for (const element of elementsOf(parseDocument(text, 'x').value?.root)) {
      const cut = ({ start, end }: { start: number; end: number }) => text.slice(start, end)
      expect(cut(element.nameSpan)).toBe(element.name)
      expect(cut(element.openSpan)).toMatch(/^<[\s\S]*>$/)
      for (const { name, value, nameSpan, valueSpan, span } of element.attributes) {
        expect(cut(nameSpan)).toBe(name)
        expect(cut(span).startsWith(name)).toBe(true)
        expect('"\'').toContain(text[valueSpan.start - 1])
        expect(text[valueSpan.end]).toBe(text[valueSpan.start - 1])
        if (!cut(valueSpan).includes('&')) expect(cut(valueSpan)).toBe(value)
      }
    }
  }
})

type Tree = {
  readonly name: string
  readonly attributes: readonly (readonly [string, string])[]
  readonly children: readonly Tree[]
}

function treeOf({ name, attributes, children }: XmlElement): Tree {
  return {
    name,
    attributes: attributes.map((attribute) => [attribute.name, attribute.value]),
    children: children.flatMap((child) => (child.kind === 'element' ? [treeOf(child)] : [])),
  }
}

type WitnessNode = Readonly<Record<string, unknown>>

function witnessTree(nodes: readonly WitnessNode[]): Tree[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text')
    if (name === undefined || name.startsWith('?')) return []
    const attributes = Object.entries((node[':@'] ?? {}) as Record<string, string>)
    return [{ name, attributes, children: witnessTree(node[name] as WitnessNode[]) }]
  })
}

function elementsOf(element: XmlElement | undefined): XmlElement[] {
  if (element === undefined) return []
  return [element, ...element.children.flatMap((child) => (child.kind === 'element' ? elementsOf(child) : []))]
}
