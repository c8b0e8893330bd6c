import type { Filter as FilterRow } from './generated/client.ts'
import { store } from './store.ts'

export type StoredFilter = Pick<FilterRow, 'name' | 'uuid' | 'xml' | 'version' | 'builtin' | 'updatedAt'>

/** Every filter, by name. */
export function listFilters(): Promise<StoredFilter[]> {
  return store().filter.findMany({ orderBy: { name: 'asc' } })
}

export function findFilter(name: string): Promise<StoredFilter | null> {
  return store().filter.findUnique({ where: { name } })
}

/** The saves of a filter, newest first. */
export function listVersions(name: string): Promise<{ version: number; xml: string; savedAt: Date }[]> {
  return store().filterVersion.findMany({
    where: { filter: { name } },
    orderBy: { version: 'desc' },
    select: { version: true, xml: true, savedAt: true },
  })
}

/** Adds a filter; false when the name is taken. */
export async function createFilter({ name, uuid, xml }: Pick<StoredFilter, 'name' | 'uuid' | 'xml'>): Promise<boolean> {
  if ((await findFilter(name)) !== null) return false
  await store().filter.create({ data: { name, uuid, xml, versions: { create: { version: 1, xml } } } })
  return true
}

/** Saves a text as the next version, if `expected` is still the newest; false when somebody saved in between. */
export async function saveFilter({
  name,
  xml,
  expected,
}: {
  name: string
  xml: string
  expected: number
}): Promise<boolean> {
  return store().$transaction(async (transaction) => {
    const version = expected + 1
    const { count } = await transaction.filter.updateMany({
      where: { name, version: expected },
      data: { xml, version, updatedAt: new Date() },
    })
    if (count === 0) return false
    const { id } = await transaction.filter.findUniqueOrThrow({ where: { name }, select: { id: true } })
    await transaction.filterVersion.create({ data: { filterId: id, version, xml } })
    return true
  })
}
