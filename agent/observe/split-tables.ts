/** The text of `nft list ruleset`, table by table, each as `nft list table` prints it. */
export function splitTables(text: string): ReadonlyMap<string, string> {
  const tables = new Map<string, string>()
  for (const table of text.split(/^(?=table )/m)) {
    const name = /^table (\w+ \S+) \{/.exec(table)?.[1]
    if (name !== undefined) tables.set(name, table)
  }
  return tables
}
