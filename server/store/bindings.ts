import type { Binding as BindingRow } from './generated/client.ts'
import { store } from './store.ts'

export type StoredBinding = Pick<BindingRow, 'portDevice' | 'xml' | 'version' | 'updatedAt'>

/** Every binding, by port device. */
export function listBindings(): Promise<StoredBinding[]> {
  return store().binding.findMany({ orderBy: { portDevice: 'asc' } })
}

export function findBinding(portDevice: string): Promise<StoredBinding | null> {
  return store().binding.findUnique({ where: { portDevice } })
}

/** Adds a binding, or replaces the version `expected`; false when the device has another one by now. */
export async function saveBinding({
  portDevice,
  xml,
  expected,
}: {
  portDevice: string
  xml: string
  expected: number | null
}): Promise<boolean> {
  if (expected === null) {
    if ((await findBinding(portDevice)) !== null) return false
    await store().binding.create({ data: { portDevice, xml } })
    return true
  }
  const { count } = await store().binding.updateMany({
    where: { portDevice, version: expected },
    data: { xml, version: expected + 1, updatedAt: new Date() },
  })
  return count === 1
}

/** False when there was none. */
export async function deleteBinding(portDevice: string): Promise<boolean> {
  const { count } = await store().binding.deleteMany({ where: { portDevice } })
  return count === 1
}
