import { run } from '../../agent/exec/run.ts'

/**
 * All tables of a host as one text that two ways to the same rules have in common: objects and elements in the order of their texts,
 * no counts, and not the number of the generation. Its hash stays.
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
        .map((object) => sortElements(object.trim()))
      return [name, ...objects.toSorted()].join('\n')
    })
  return tables
    .toSorted()
    .join('\n')
    .replace(/counter generation\.\d+ /, 'counter generation ')
}

function sortElements(object: string): string {
  return object.replace(/elements = \{([^}]*)\}/, (_, list: string) => {
    const elements = list.split(',').map((element) => element.trim())
    return `elements = { ${elements.toSorted().join(', ')} }`
  })
}
