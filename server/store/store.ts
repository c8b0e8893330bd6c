import { openStore, type Store } from './open-store.ts'

const keep = globalThis as { sluiceStore?: Store }

/** The folder that this instance owns. */
export function dataDir(): string {
  return process.env.SLUICE_DATA ?? 'data'
}

/** The one store of this process; bundles of the same process share it. */
export function store(): Store {
  keep.sluiceStore ??= openStore(dataDir())
  return keep.sluiceStore
}
