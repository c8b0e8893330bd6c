import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

type Entry = { readonly optionalDependencies?: Readonly<Record<string, string>>; readonly resolved?: string }

const lock = readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')
const packages = (JSON.parse(lock) as { packages: Record<string, Entry> }).packages

test('the lock names every optional package of every platform, or npm ci fails elsewhere', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isFound(path, name)),
  )
  expect(missing, 'run: node scripts/complete-lock.mjs').toEqual([])
})

test('the lock names no registry', () => {
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

/** As Node resolves: beside the package, then in each parent. */
function isFound(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true
    if (at === '') return false
  }
}
