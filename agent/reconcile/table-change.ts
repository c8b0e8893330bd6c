/** One transaction that somebody gave to nf_tables, as `nft monitor` tells it. Also ebtables, iptables and firewalld end up there. */
export type TableChange = {
  /** The kernel's number of the ruleset behind it. */
  readonly number: number
  readonly process: { readonly pid: number; readonly name: string } | undefined
  /** The hash of a generation of ours that it marks; only our own transactions do. */
  readonly mark: string | undefined
  /** By `FAMILY TABLE`: how often it did what, and to what first. */
  readonly tables: ReadonlyMap<string, TableOperations>
}
type TableOperations = {
  /** By verb and kind, as `delete rule`. */
  readonly counts: ReadonlyMap<string, number>
  /** The first chain, set or table that was named by each, by the same key. */
  readonly names: ReadonlyMap<string, string>
}
