import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine } from '@prisma/schema-engine-wasm'

// node --no-warnings scripts/make-migration.ts NAME: writes the SQL from the newest migration to prisma/schema.prisma.
const FOLDER = 'prisma/migrations'
const name = process.argv[2]
if (name === undefined || !/^[a-z0-9-]+$/.test(name)) throw new Error('a name of letters, digits and - is needed')

const schema = readFileSync('prisma/schema.prisma', 'utf8')
const newest = existsSync(FOLDER) ? readdirSync(FOLDER).sort().at(-1) : undefined
const before = newest === undefined ? undefined : readFileSync(join(FOLDER, newest, 'schema.prisma'), 'utf8')
const toFiles = (content: string) => [{ path: 'schema.prisma', content }]
const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url: ':memory:' }))
const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, adapter)
const { exitCode, stdout } = await engine.diff({
  from: before === undefined ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: toFiles(before) },
  to: { tag: 'schemaDatamodel', files: toFiles(schema) },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
})
if (exitCode !== 2 || stdout === null) console.log('the schema has not changed')
else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = join(FOLDER, `${stamp}_${name}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'migration.sql'), stdout)
  writeFileSync(join(folder, 'schema.prisma'), schema)
  console.log(folder)
}
