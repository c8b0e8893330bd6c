import { generationOf, nftTable } from '#engine'
import type { TableChange } from '../reconcile/table-change.ts'

/** What was heard of a transaction that has not ended yet. */
export type OpenChange = {
  mark: string | undefined
  readonly tables: Map<string, { readonly counts: Map<string, number>; readonly names: Map<string, string> }>
}

const END = /^# new generation (\d+)(?: by process (\d+) \((.*)\))?$/
const OPERATION = /^(add|insert|replace|delete|destroy) (\w+) (\w+) (\S+)(?: (\S+))?/
const MARK = /^add counter bridge (\S+) (\S+) \{ comment "(\w+)"/

export function openChange(): OpenChange {
  return { mark: undefined, tables: new Map() }
}

/** Takes a line of `nft monitor`; the transaction where the line ends one. What is no operation on a table is passed over. */
export function takeMonitorLine(open: OpenChange, line: string): TableChange | undefined {
  const end = END.exec(line)
  if (end !== null) {
    const [, number, pid, name = ''] = end
    const process = pid === undefined ? undefined : { pid: Number(pid), name }
    return { number: Number(number), process, mark: open.mark, tables: open.tables }
  }
  const [, verb, kind, family, table, name] = OPERATION.exec(line) ?? []
  if (verb === undefined || table === undefined) return undefined
  const [, owner, counter = '', hash] = MARK.exec(line) ?? []
  if (owner === nftTable && generationOf(counter) !== undefined) open.mark = hash
  const key = `${family} ${table}`
  const known = open.tables.get(key) ?? { counts: new Map<string, number>(), names: new Map<string, string>() }
  open.tables.set(key, known)
  const what = `${verb} ${kind}`
  known.counts.set(what, (known.counts.get(what) ?? 0) + 1)
  if (!known.names.has(what)) known.names.set(what, kind === 'table' ? table : (name ?? ''))
  return undefined
}
