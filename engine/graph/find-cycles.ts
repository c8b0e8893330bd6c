/** One loop for every reference that closes one, found depth first without recursion, so that no graph is too deep. */
export function findCycles(references: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: string[][] = []
  const done = new Set<string>()
  for (const start of references.keys()) {
    if (done.has(start)) continue
    const path: { name: string; next: number }[] = [{ name: start, next: 0 }]
    const onPath = new Map([[start, 0]])
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = references.get(top.name)?.[top.next]
      top.next += 1
      if (child === undefined) {
        done.add(top.name)
        onPath.delete(top.name)
        path.pop()
      } else if (onPath.has(child)) {
        cycles.push(path.slice(onPath.get(child)).map(({ name }) => name))
      } else if (!done.has(child)) {
        onPath.set(child, path.length)
        path.push({ name: child, next: 0 })
      }
    }
  }
  return cycles
}
