import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { quirks, registry } from '#engine'
import { generateDocs } from '../../scripts/generate-docs.ts'

const pages = generateDocs()
const read = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')

test.each(['diagnostics', 'dialects', 'nftables'] as const)('docs/%s.md is what npm run docs writes', (name) => {
  expect(read(`${name}.md`), 'run: npm run docs').toBe(pages[name])
})

test('every code has a section, every decision a row, and every link leads to a section', () => {
  const headings = [...pages.diagnostics.matchAll(/^## (NWF\d+) .*$/gm)]
  expect(headings.map(([, code]) => code)).toEqual(Object.keys(registry))
  const rows = [...pages.dialects.matchAll(/^\| \[(NWF\d+)\]/gm)]
  expect(rows.map(([, code]) => code).sort()).toEqual(quirks.map(({ code }) => code).sort())
  // As GitHub makes an anchor of a heading.
  const anchors = headings.map(([heading]) =>
    heading
      .slice('## '.length)
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  )
  const links = [...(pages.diagnostics + pages.dialects).matchAll(/#(nwf[^)]*)\)/g)].map(([, anchor]) => anchor)
  expect(links.length).toBe(headings.length + rows.length)
  expect(links.filter((anchor) => !anchors.includes(anchor ?? ''))).toEqual([])
})
