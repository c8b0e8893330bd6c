import { fieldInfo } from './nft-field.ts'
import { printValue } from './print-match.ts'
import { printRule } from './print-rule.ts'
import type { NftChain, NftCounter, NftElement, NftSet, NftTable } from './ruleset.ts'

/** A table as nft reads it, with everything in it. */
export function printTable(table: NftTable): string {
  const { family, name, counters, sets, chains } = table
  // What is read most stands first; nft takes it in any order.
  const lines = counters.map(printCounter).join('')
  const parts = [...sets.map(printSet), ...chains.map(printChain), ...(lines === '' ? [] : [lines])]
  return `table ${family} ${name} {\n${parts.join('\n')}}\n`
}

function printCounter({ name, comment }: NftCounter): string {
  return `\tcounter ${name} { comment "${comment}"; }\n`
}

/** A set with its elements, one a line. */
function printSet(set: NftSet): string {
  const { name, kind, interval, dynamic, comment, elements } = set
  const flags = [...(interval ? ['interval'] : []), ...(dynamic ? ['dynamic'] : [])]
  const lines = [
    ...(comment === undefined ? [] : [`comment "${comment}"`]),
    printType(set),
    ...(flags.length === 0 ? [] : [`flags ${flags.join(', ')}`]),
    ...(elements.length === 0 ? [] : [`elements = { ${printElements(set, elements).join(',\n\t\t\t     ')} }`]),
  ]
  const word = kind === 'set' ? 'set' : 'map'
  return `\t${word} ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`
}

/** The type of the keys: by its names, or by the fields where one has no name. */
function printType({ kind, fields }: NftSet): string {
  const types = fields.map((field) => fieldInfo(field).type)
  const key = types.includes(undefined) ? `typeof ${fields.join(' . ')}` : `type ${types.join(' . ')}`
  return kind === 'verdict-map' ? `${key} : verdict` : key
}

/** Elements as they stand between braces. */
export function printElements({ fields }: NftSet, elements: readonly NftElement[]): readonly string[] {
  return elements.map(({ key, verdict }) => {
    const text = key.map((value, at) => printValue(fields[at] ?? 'ether type', value)).join(' . ')
    return verdict === undefined ? text : `${text} : ${verdict.kind} ${verdict.chain}`
  })
}

function printChain({ name, base, rules }: NftChain): string {
  const hook = base === undefined ? '' : `\t\ttype filter hook ${base.hook} priority ${base.priority}; policy accept;\n`
  return `\tchain ${name} {\n${hook}${rules.map((rule) => `\t\t${printRule(rule)}\n`).join('')}\t}\n`
}
