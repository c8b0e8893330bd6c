import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { databaseOf } from './open-store.ts'

const FOLDER = join(import.meta.dirname, '../../prisma/migrations')

/**
 * Brings the database of a data folder up to date, each migration in one transaction: all of it or nothing. Two processes
 * that start at once wait for each other. Throws with SQLite's words when a migration fails.
 */
export function migrate(dataDir: string): void {
  const database = new Database(databaseOf(dataDir))
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('busy_timeout = 5000')
    database.exec('CREATE TABLE IF NOT EXISTS _migrations (name TEXT PRIMARY KEY, applied TEXT NOT NULL)')
    for (const name of readdirSync(FOLDER).sort()) apply(database, name)
  } finally {
    database.close()
  }
}

function apply(database: Database.Database, name: string): void {
  // Has no effect inside a transaction.
  database.pragma('foreign_keys = OFF')
  const step = database.transaction(() => {
    if (database.prepare('SELECT 1 FROM _migrations WHERE name = ?').get(name) !== undefined) return
    database.exec(readFileSync(join(FOLDER, name, 'migration.sql'), 'utf8'))
    database.prepare('INSERT INTO _migrations VALUES (?, ?)').run(name, new Date().toISOString())
  })
  step.immediate()
  database.pragma('foreign_keys = ON')
}
