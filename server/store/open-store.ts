import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from './generated/client.ts'

export type Store = PrismaClient

/** Opens the database of a data folder; it must have been migrated. Close it with `$disconnect`. */
export function openStore(dataDir: string): Store {
  return new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${databaseOf(dataDir)}`, timeout: 5000 }) })
}

/** The database file of a data folder. */
export function databaseOf(dataDir: string): string {
  return join(dataDir, 'sluice.db')
}
