import { describe, expect, test } from 'vitest'
import {
  addRule,
  applyEdits,
  builtinFilters,
  insertChild,
  moveElement,
  parseDocument,
  removeAttribute,
  removeElement,
  setAttribute,
  type TextEdit,
  type XmlDocument,
  type XmlElement,
} from '#engine'
import { makeRandom, type Random, seedOfRun } from '../support/random.ts'
import { randomDocument } from '../support/random-document.ts'

const COUNT = 1000
const seed = seedOfRun()
console.log(`edits: ${COUNT} random edits, SLUICE_SEED=${seed}`)

const FILTER = `<!-- header -->
<filter name="x" chain='root'>
  <!-- of a -->
  <filterref filter='a'/> <!-- behind a -->

  <!-- of b -->
  <rule action='drop' direction='in'>
    <tcp  srcportstart = "80" />
  </rule>
  <filterref filter='c'/><filterref filter='d'/>
  <!-- end -->
</filter>
`
const VALUES = [
  '',
  'plain',
  `"`,
  `'`,
  `it's "both"`,
  'a & b',
  '&amp;',
  '<',
  '>',
  'line\nend',
  'cr\rlf\r\n',
  'tab\t',
  ' é😀 ',
]

describe('applyEdits', () => {
  const edit = (start: number, end: number, text: string) => ({ span: { start, end }, text })

  test('replaces, removes and inserts in any order of edits', () => {
    expect(applyEdits('0123456789', [edit(8, 9, 'eight'), edit(0, 2, ''), edit(5, 5, 'a'), edit(5, 5, 'b')])).toBe(
      '234ab567eight9',
    )
    expect(applyEdits('abc', [])).toBe('abc')
    expect(applyEdits('abc', [edit(0, 2, 'x'), edit(0, 0, '<'), edit(2, 2, '>')])).toBe('<x>c')
  })

  test.each([
    [[edit(0, 3, ''), edit(2, 4, '')]],
    [[edit(0, 4, ''), edit(2, 2, 'x')]],
    [[edit(3, 11, '')]],
    [[edit(3, 2, '')]],
  ])('throws for %j', (edits) => expect(() => applyEdits('0123456789', edits)).toThrow(/overlaps/))
})

describe('setAttribute', () => {
  test.each(['"', "'"])('writes any value so that it is read again, in the quotes %s that stand there', (quote) => {
    const text = `<filter name=${quote}old${quote}\r\n chain='root'/>`
    for (const value of VALUES) {
      const after = edited(text, (document) => setAttribute(document, rootOf(document), 'name', value))
      expect(attributesOf(rootOf(parsed(after)))).toEqual([
        ['name', value],
        ['chain', 'root'],
      ])
      expect(after.startsWith(`<filter name=${quote}`)).toBe(true)
      expect(after.endsWith(`${quote}\r\n chain='root'/>`)).toBe(true)
    }
  })

  test.each([
    [`<tcp/>`, `<tcp dscp='1'/>`],
    [`<tcp ></tcp>`, `<tcp dscp='1' ></tcp>`],
    [`<tcp a="" b='' />`, `<tcp a="" b='' dscp='1' />`],
    [`<tcp\n  a="x"\n/>`, `<tcp\n  a="x" dscp="1"\n/>`],
  ])('adds to %s behind the last attribute, in its quotes', (before, after) => {
    expect(edited(before, (document) => setAttribute(document, rootOf(document), 'dscp', '1'))).toBe(after)
    for (const value of VALUES) {
      const text = edited(before, (document) => setAttribute(document, rootOf(document), 'dscp', value))
      expect(attributesOf(rootOf(parsed(text))).at(-1)).toEqual(['dscp', value])
    }
  })

  test('changes nothing where the value is there, however it is written', () => {
    const document = parsed(`<filter name='a&#x26;b'/>`)
    expect(setAttribute(document, rootOf(document), 'name', 'a&b')).toEqual([])
  })
})

test.each([
  [`<mac a='1' b='2' c='3'/>`, 'b', `<mac a='1' c='3'/>`],
  [`<mac\r\n  a = '1'\r\n  b='2' />`, 'a', `<mac\r\n  b='2' />`],
  [`<mac a='1'></mac>`, 'a', `<mac></mac>`],
  [`<mac a='1'/>`, 'z', `<mac a='1'/>`],
])('removeAttribute from %j: %s', (before, name, after) => {
  expect(edited(before, (document) => removeAttribute(document, rootOf(document), name))).toBe(after)
})

describe('insertChild', () => {
  const NEW = `<new/>`
  test.each([
    ['at the beginning, in front of what belongs to the next', 0, `'root'>\n`, `'root'>\n  <new/>\n`],
    ['behind an element and its comment', 1, `behind a -->\n`, `behind a -->\n  <new/>\n`],
    ['behind an element of several lines', 2, `</rule>\n`, `</rule>\n  <new/>\n`],
    ['between two on one line', 3, `'c'/><filterref`, `'c'/>\n  <new/>\n  <filterref`],
    ['at the end, behind every comment', 4, `end -->\n`, `end -->\n  <new/>\n`],
    ['past the end', 99, `end -->\n`, `end -->\n  <new/>\n`],
  ])('%s', (_, index, place, becomes) => {
    for (const lineEnd of ['\n', '\r\n']) {
      const lines = (text: string) => text.replaceAll('\n', lineEnd)
      const after = edited(lines(FILTER), (document) => insertChild(document, rootOf(document), index, NEW))
      expect(after).toBe(lines(FILTER.replace(place, becomes)))
    }
  })

  test.each([
    [`<filter name='x' />`, `<filter name='x'>\n  <new/>\n</filter>`],
    [`<filter/>\r\n`, `<filter>\r\n  <new/>\r\n</filter>\r\n`],
    [`<filter></filter>`, `<filter>\n  <new/>\n</filter>`],
    [`<filter> </filter>`, `<filter>\n  <new/>\n</filter>`],
    [`<filter>\n</filter>`, `<filter>\n  <new/>\n</filter>`],
    [`<filter><!-- c --></filter>`, `<filter><!-- c -->\n  <new/>\n</filter>`],
    [`<filter>\n\t<a/>\n</filter>`, `<filter>\n\t<a/>\n\t<new/>\n</filter>`],
    [`<filter><a/> </filter>`, `<filter><a/>\n  <new/>\n</filter>`],
    [`<filter>\n    <a/>\n\n</filter>`, `<filter>\n    <a/>\n    <new/>\n\n</filter>`],
  ])('into %j', (before, after) => {
    expect(edited(before, (document) => insertChild(document, rootOf(document), 9, NEW))).toBe(after)
  })

  test('into a nested parent that closes itself', () => {
    const before = `<filter>\n  <rule action='drop' direction='in'/>\n</filter>\n`
    const after = edited(before, (document) => insertChild(document, elementAt(document, 1), 0, `<tcp/>`))
    expect(after).toBe(`<filter>\n  <rule action='drop' direction='in'>\n    <tcp/>\n  </rule>\n</filter>\n`)
  })

  test('several lines move by the indentation, but no line that begins inside data', () => {
    const xml = `<!-- why\nso -->\n<rule action='drop\nit'>\n\n  <tcp/>\n  <x>text\n</x>\n</rule>\n`
    expect(edited(`<filter>\r\n</filter>\r\n`, (document) => insertChild(document, rootOf(document), 0, xml))).toBe(
      `<filter>\r\n  <!-- why\nso -->\r\n  <rule action='drop\nit'>\r\n\r\n    <tcp/>\r\n    <x>text\n</x>\r\n  </rule>\r\n</filter>\r\n`,
    )
  })
})

describe('removeElement', () => {
  test.each([
    ['alone on its lines', 2, `  <rule action='drop' direction='in'>\n    <tcp  srcportstart = "80" />\n  </rule>\n`],
    ['with a comment behind it', 1, `<filterref filter='a'/>`],
    ['with another behind it', 4, `<filterref filter='c'/>`],
    ['with another in front of it', 5, `<filterref filter='d'/>`],
    ['inside a rule', 3, `    <tcp  srcportstart = "80" />\n`],
  ])('%s', (_, at, gone) => {
    for (const lineEnd of ['\n', '\r\n']) {
      const lines = (text: string) => text.replaceAll('\n', lineEnd)
      const after = edited(lines(FILTER), (document) => removeElement(document, elementAt(document, at)))
      expect(after).toBe(lines(FILTER.replace(gone, '')))
    }
  })
})

describe('moveElement', () => {
  const RULE = `  <rule action='drop' direction='in'>\n    <tcp  srcportstart = "80" />\n  </rule>\n`
  test.each([
    ['to the beginning', 2, 0, FILTER.replace(RULE, '').replace(`'root'>\n`, `'root'>\n${RULE}`)],
    ['to the end', 2, 3, FILTER.replace(RULE, '').replace(`end -->\n`, `end -->\n${RULE}`)],
    ['between two on one line', 2, 2, FILTER.replace(RULE, '').replace(`'c'/><`, `'c'/>\n${RULE}  <`)],
    [
      'from a line with others',
      5,
      1,
      FILTER.replace(`<filterref filter='d'/>`, '').replace(
        `behind a -->\n`,
        `behind a -->\n  <filterref filter='d'/>\n`,
      ),
    ],
    ['to where it is', 2, 1, FILTER],
    ['the root', 0, 0, FILTER],
  ])('%s', (_, at, index, expected) => {
    for (const lineEnd of ['\n', '\r\n']) {
      const lines = (text: string) => text.replaceAll('\n', lineEnd)
      const after = edited(lines(FILTER), (document) => moveElement(document, elementAt(document, at), index))
      expect(after).toBe(lines(expected))
    }
  })
})

describe('addRule', () => {
  test('at the end, in the quotes of the filter', () => {
    const rule = { action: 'drop', direction: 'in', attributes: [] } as const
    expect(edited(`<filter name="x"/>\n`, (document) => addRule(document, rule))).toBe(
      `<filter name="x">\n  <rule action="drop" direction="in"/>\n</filter>\n`,
    )
  })

  test('with everything, at a place', () => {
    const after = edited(FILTER, (document) =>
      addRule(
        document,
        {
          action: 'accept',
          direction: 'out',
          priority: -5,
          statematch: false,
          protocol: 'ipv6',
          attributes: [
            ['match', 'no'],
            ['dstportstart', '$PORT'],
          ],
        },
        1,
      ),
    )
    const added = `  <rule action='accept' direction='out' priority='-5' statematch='false'>\n    <ipv6 match='no' dstportstart='$PORT'/>\n  </rule>\n`
    expect(after).toBe(FILTER.replace(`behind a -->\n`, `behind a -->\n${added}`))
  })

  test('any value is read again', () => {
    for (const value of VALUES) {
      const rule = { action: 'drop', direction: 'in', protocol: 'mac', attributes: [['comment', value]] } as const
      const document = parsed(edited(FILTER, (before) => addRule(before, rule)))
      expect(attributesOf(elementAt(document, 7))).toEqual([['comment', value]])
    }
  })

  test('to a text without root there is nothing to add', () => {
    const { value } = parseDocument('<!-- nothing -->', 'x')
    expect(value && addRule(value, { action: 'drop', direction: 'in', attributes: [] })).toEqual([])
  })
})

test('in random documents each edit makes exactly its change', () => {
  const random = makeRandom(seed)
  for (let times = 0; times < COUNT; times += 1) {
    const written = random.chance(0.5) ? random.pick(builtinFilters).xml : randomDocument(random)
    const text = random.chance(0.3) ? written.replaceAll('\n', '\r\n') : written
    const document = parsed(text)
    const tree = mutableTree(rootOf(document))
    const at = random.below(elementsOf(rootOf(document)).length)
    const element = elementAt(document, at)
    const { edits, what } = randomEdit(random, document, element, allTrees(tree)[at] ?? tree, tree)
    const after = applyEdits(text, edits)
    const { value, diagnostics } = parseDocument(after, 'x')
    const root = value?.root
    expect({ what, text, after, diagnostics, tree: root && mutableTree(root) }).toEqual({
      ...{ what, text, after, tree },
      diagnostics: [],
    })
    expectOthersKept(text, after, edits)
    const { start, end } = element.span
    const left = what === 'remove' ? text.slice(0, start) + text.slice(end) : text
    expect({ what, text, comments: commentsOf(after) }).toEqual({ what, text, comments: commentsOf(left) })
  }
})

function commentsOf(text: string): readonly string[] {
  return (text.match(/<!--.*?-->/gs) ?? []).sort()
}

/** A random edit of `element`, made in `tree` (its place in `root`) as well. */
function randomEdit(random: Random, document: XmlDocument, element: XmlElement, tree: Tree, root: Tree) {
  const name = random.pick(['name', 'x', 'new'])
  const value = random.pick(VALUES)
  const index = random.below(5)
  const parent = allTrees(root).find(({ children }) => children.includes(tree))
  const siblings = parent?.children ?? []
  const what = random.pick(['set', 'remove attribute', 'insert', ...(parent ? ['remove', 'move'] : [])])
  const others = siblings.filter((sibling) => sibling !== tree)
  switch (what) {
    case 'set': {
      const present = tree.attributes.find(([key]) => key === name)
      if (present) present[1] = value
      else tree.attributes.push([name, value])
      return { what, edits: setAttribute(document, element, name, value) }
    }
    case 'remove attribute':
      tree.attributes = tree.attributes.filter(([key]) => key !== name)
      return { what, edits: removeAttribute(document, element, name) }
    case 'insert':
      tree.children.splice(index, 0, { name: 'new', attributes: [], children: [] })
      return { what, edits: insertChild(document, element, index, '<new/>') }
    case 'remove':
      if (parent) parent.children = others
      return { what, edits: removeElement(document, element) }
    default:
      if (parent) parent.children = others.toSpliced(index, 0, tree)
      return { what, edits: moveElement(document, element, index) }
  }
}

/** What lies between the edits stands in the result, in order, byte for byte. */
function expectOthersKept(text: string, after: string, edits: readonly TextEdit[]): void {
  let [at, found] = [0, 0]
  for (const { span, text: written } of edits.toSorted(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end,
  )) {
    const kept = text.slice(at, span.start) + written
    expect(after.slice(found, found + kept.length)).toBe(kept)
    at = span.end
    found += kept.length
  }
  expect(after.slice(found)).toBe(text.slice(at))
}

type Tree = { name: string; attributes: [string, string][]; children: Tree[] }

function mutableTree(element: XmlElement): Tree {
  return {
    name: element.name,
    attributes: attributesOf(element),
    children: element.children.flatMap((child) => (child.kind === 'element' ? [mutableTree(child)] : [])),
  }
}

function allTrees(tree: Tree): Tree[] {
  return [tree, ...tree.children.flatMap(allTrees)]
}

function attributesOf({ attributes }: XmlElement): [string, string][] {
  return attributes.map(({ name, value }) => [name, value])
}

function elementsOf(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap((child) => (child.kind === 'element' ? elementsOf(child) : []))]
}

/** The element at a place of the document's order; the root is 0. */
function elementAt(document: XmlDocument, at: number): XmlElement {
  const found = elementsOf(rootOf(document))[at]
  if (found === undefined) throw new Error(`there is no element ${at}`)
  return found
}

function rootOf({ root }: XmlDocument): XmlElement {
  if (root === undefined) throw new Error('there is no root')
  return root
}

function parsed(text: string): XmlDocument {
  const { value, diagnostics } = parseDocument(text, 'x')
  if (value === undefined || diagnostics.length > 0) throw new Error(`not well-formed: ${text}`)
  return value
}

/** The text after edits, which keep every byte outside their spans. */
function edited(text: string, edit: (document: XmlDocument) => readonly TextEdit[]): string {
  const edits = edit(parsed(text))
  const after = applyEdits(text, edits)
  expectOthersKept(text, after, edits)
  return after
}
