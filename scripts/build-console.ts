import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const STAMP = join(ROOT, '.next/sluice-build')
const SOURCES = [
  'app/**',
  'components/**',
  'server/**',
  'engine/**',
  'agent/link/**',
  'agent/reconcile/**',
  'public/**',
  '*.ts',
  '*.mjs',
  'package-lock.json',
  'tsconfig.json',
  'prisma/**/*.prisma',
]

/** Builds the console when its sources have changed since the last build. Throws when the build fails. */
export function buildConsole(): void {
  const hash = hashSources()
  if (existsSync(STAMP) && existsSync(join(ROOT, '.next/BUILD_ID')) && readFileSync(STAMP, 'utf8') === hash) return
  console.error('sluice: building the console (about a minute, only after a change)')
  const built = spawnSync('next', ['build'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`the console could not be built\n${built.stdout}${built.stderr}`)
  writeFileSync(STAMP, hash)
}

function hashSources(): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/generated') && entry.name !== 'next-env.d.ts')
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of [...new Set(files)].sort())
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}
