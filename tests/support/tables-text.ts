import { run } from '../../agent/exec/run.ts'

/**
 * All tables of a host as one text that two ways to the same rules have in common: objects and elements in the order of their texts,
 * no counts, and of the generations only the hash of the newest.
 */
export async function tablesText(enter: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(['nft', '-s', 'list', 'ruleset'], { enter })
  if (status !== 0) throw new Error(`nft list ruleset: ${stderr}`)
  const tables = stdout
    .split(/^(?=table )/m)
    .filter((table) => table !== '')
    .map((table) => {
      const [name = '', ...rest] = table.split('\n')
      const objects = rest
        .join('\n')
        .replace(/\}\n*$/, '')
        .split('\n\n')
      return [name, ...newestGeneration(objects.map((object) => sortElements(object.trim()))).toSorted()].join('\n')
    })
  return tables.toSorted().join('\n')
}

function newestGeneration(objects: readonly string[]): readonly string[] {
  const numberOf = (object: string) => Number(/^counter generation\.(\d+) /.exec(object)?.[1] ?? 0)
  const newest = Math.max(...objects.map(numberOf))
  return objects.flatMap((object) => {
    const number = numberOf(object)
    return number > 0 && number < newest ? [] : [object.replace(/^counter generation\.\d+ /, 'counter generation ')]
  })
}

function sortElements(object: string): string {
  return object.replace(/elements = \{([^}]*)\}/, (_, list: string) => {
    const elements = list.split(',').map((element) => element.trim())
    return `elements = { ${elements.toSorted().join(', ')} }`
  })
}
