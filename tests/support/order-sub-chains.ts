/**
 * libvirt creates sub-chains of equal priority on one side in random order, each as a block of four commands. Sorts every run
 * of such blocks by name, so that two command lists can be compared.
 */
export function orderSubChains(
  commands: readonly string[],
  priorities: ReadonlyMap<string, number>,
): readonly string[] {
  const result: string[] = []
  let at = 0
  while (at < commands.length) {
    const blocks: { name: string; lines: readonly string[] }[] = []
    let first: string | undefined
    for (let block = blockAt(commands, at); block !== undefined; block = blockAt(commands, at)) {
      if (first !== undefined && !isSameRun(first, block.name, priorities)) break
      first ??= block.name
      blocks.push(block)
      at += block.lines.length
    }
    if (blocks.length === 0) {
      result.push(commands[at] ?? '')
      at += 1
    } else result.push(...blocks.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(({ lines }) => lines))
  }
  return result
}

function blockAt(commands: readonly string[], at: number): { name: string; lines: readonly string[] } | undefined {
  const [flush, remove, create, link] = commands.slice(at, at + 4)
  const name = / -N ([JP]-\S+)$/.exec(create ?? '')?.[1]
  if (
    name === undefined ||
    !flush?.endsWith(` -F ${name}`) ||
    !remove?.endsWith(` -X ${name}`) ||
    !link?.endsWith(` -j ${name}`)
  )
    return undefined
  return { name, lines: commands.slice(at, at + 4) }
}

function isSameRun(a: string, b: string, priorities: ReadonlyMap<string, number>): boolean {
  return a[0] === b[0] && priorities.get(a) === priorities.get(b)
}
