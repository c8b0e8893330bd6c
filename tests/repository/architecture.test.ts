import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cruise, PRODUCT } from '../support/cruise.ts'

const root = join(import.meta.dirname, '../..')
/** Below the checkout, so that packages resolve; a name with a dot, so that no other tool looks into it. */
const copy = join(root, '.cache/planted')

/** What must not be, one import each, and the rule that has to object. */
const PLANTED: readonly (readonly [rule: string, file: string, text: string])[] = [
  [
    'engine-is-pure',
    'engine/xml/reads-files.ts',
    "import { readFileSync } from 'node:fs'\nexport const read = readFileSync",
  ],
  ['engine-is-pure', 'engine/xml/takes-a-package.ts', "import { z } from 'zod'\nexport const word = z.string()"],
  [
    'engine-is-pure',
    'engine/xml/asks-the-agent.ts',
    "import type { Lab } from '../../agent/lab/lab.ts'\nexport type Here = Lab",
  ],
  [
    'engine-xml',
    'engine/xml/looks-ahead.ts',
    "import type { Filter } from '../nwfilter/filter.ts'\nexport type Later = Filter",
  ],
  ['one-place-spawns', 'agent/apply/spawns.ts', "import { spawn } from 'node:child_process'\nexport const go = spawn"],
  ['one-place-spawns', 'server/api/spawns-late.ts', "export const go = () => import('child_process')"],
  [
    'one-place-knows-the-database',
    'server/api/asks-sqlite.ts',
    "import Database from 'better-sqlite3'\nexport const db = Database",
  ],
  [
    'layer-bin',
    'bin/reaches-in.ts',
    "import { parseDocument } from '../engine/xml/parse-document.ts'\nexport const parse = parseDocument",
  ],
  ['layer-agent-reconcile', 'agent/reconcile/acts.ts', "import { run } from '../exec/run.ts'\nexport const act = run"],
  [
    'browser-knows-the-server-by-type',
    'components/nic/pulls-server.tsx',
    "import { appRouter } from '../../server/api/app-router.ts'\nexport const all = appRouter",
  ],
  [
    'generic-parts-stay-generic',
    'components/ui/knows-engine.ts',
    "import { canonical } from '#engine'\nexport const known = canonical",
  ],
  [
    'every-folder-has-its-place',
    'engine/newcomer/alone.ts',
    "import type { Span } from '../diagnostics/span.ts'\nexport type Alone = Span",
  ],
  [
    'nothing-hangs-in-the-air',
    'agent/apply/lost.ts',
    "import { lost } from './not-there.ts'\nexport const found = lost",
  ],
  [
    'product-needs-no-tests',
    'bin/leans-on-tests.ts',
    "import { randomFrom } from '../tests/support/random.ts'\nexport const luck = randomFrom",
  ],
]

describe('the import rules of the house', () => {
  test('hold for every module of the product', () => {
    const { modules, violations } = cruise(root)
    expect(violations).toEqual([])
    // Cruising nothing would find nothing.
    expect(modules).toBeGreaterThan(200)
  })

  describe('catch what is planted', () => {
    beforeAll(() => {
      rmSync(copy, { recursive: true, force: true })
      const skip = join(root, 'server/store/generated')
      for (const name of [...PRODUCT, 'tests/support', 'tsconfig.json', 'package.json', '.dependency-cruiser.cjs']) {
        cpSync(join(root, name), join(copy, name), { recursive: true, filter: (source) => source !== skip })
      }
      for (const [, file, text] of PLANTED) {
        mkdirSync(dirname(join(copy, file)), { recursive: true })
        writeFileSync(join(copy, file), `${text}\n`)
      }
    })
    afterAll(() => rmSync(copy, { recursive: true, force: true }))

    test('each by its rule', () => {
      const { violations } = cruise(copy)
      const missed = PLANTED.filter(([rule, file]) => !violations.some((line) => line.startsWith(`${rule}: ${file} `)))
      expect(missed.map(([rule, file]) => `${rule}: ${file}`)).toEqual([])
    })
  })
})

test('the engine is compiled without the types of Node', () => {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'engine/tsconfig.json'), 'utf8'))
  expect(compilerOptions.types).toEqual([])
})
