import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const GENERATED = join(ROOT, 'server/store/generated')

/** Generates the database client when the schema has changed since the last time. Throws with Prisma's words when it fails. */
export function generateStore(): void {
  const schema = readFileSync(join(ROOT, 'prisma/schema.prisma'))
  const hash = createHash('sha256')
    .update(schema)
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
  const stamp = join(GENERATED, '.schema')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  const result = spawnSync('prisma', ['generate'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' },
  })
  if (result.status !== 0)
    throw new Error(`the database client could not be generated\n${result.stdout}${result.stderr}`)
  writeFileSync(stamp, hash)
}

if (import.meta.main) generateStore()
