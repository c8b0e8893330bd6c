import { randomUUID } from 'node:crypto'
import { builtinFilters, encodeBinding } from '#engine'
import type { Store } from './open-store.ts'

const NOWHERE = { start: 0, end: 0 }

/** Fills an empty database: the 24 built-in filters, and the bindings of the lab's first two guests. Anything else is left alone. */
export async function seed(store: Store): Promise<void> {
  if ((await store.filter.count()) > 0) return
  await store.$transaction(async (transaction) => {
    for (const { name, xml } of builtinFilters) {
      await transaction.filter.create({
        data: { name, uuid: randomUUID(), xml, builtin: true, versions: { create: { version: 1, xml } } },
      })
    }
    for (const n of [0, 1]) {
      await transaction.binding.create({ data: { portDevice: `vnet${n}`, xml: labBinding(n) } })
    }
  })
}

function labBinding(n: number): string {
  return encodeBinding({
    kind: 'binding',
    portDevice: `vnet${n}`,
    linkDevice: undefined,
    owner: { name: `lab-guest-${n}`, uuid: `00000000-0000-4000-8000-00000000001${n}` },
    mac: `52:54:00:00:00:1${n}`,
    filter: 'clean-traffic',
    filterSpan: NOWHERE,
    parameters: new Map([['IP', [`192.0.2.1${n}`]]]),
    source: `binding:vnet${n}`,
  })
}
