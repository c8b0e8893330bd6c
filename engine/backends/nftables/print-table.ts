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
  ]
  const list = elements.length === 0 ? '' : `\t\telements = { ${printElements(set, elements, ',\n\t\t\t     ')} }\n`
  const word = kind === 'set' ? 'set' : 'map'
  return `\t${word} ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}${list}\t}\n`
}

/** The type of the keys: by its names, or by the fields where one has no name. */
function printType({ kind, fields }: NftSet): string {
  const types = fields.map((field) => fieldInfo(field).type)
  const key = types.includes(undefined) ? `typeof ${fields.join(' . ')}` : `type ${types.join(' . ')}`
  return kind === 'verdict-map' ? `${key} : verdict` : key
}

/** Elements as they stand between braces. Large hosts have many: what is asked of a field is asked once. */
export function printElements({ fields }: NftSet, elements: readonly NftElement[], separator: string): string {
  const quotes = fields.map((field) => (fieldInfo(field).writes === 'ifname' ? '"' : ''))
  const joints = quotes.map((quote, at) => (at === 0 ? quote : `${quotes[at - 1]} . ${quote}`))
  const end = quotes.at(-1) ?? ''
  const texts: string[] = []
  for (const { key, verdict } of elements) {
    let text = ''
    for (let at = 0; at < key.length; at += 1) {
      const value = key[at]
      text += joints[at] + (typeof value === 'string' ? value : printValue('ether type', value ?? ''))
    }
    texts.push(verdict === undefined ? text + end : `${text}${end} : ${verdict.kind} ${verdict.chain}`)
  }
  return texts.join(separator)
}

function printChain({ name, base, rules }: NftChain): string {
  const hook = base === undefined ? '' : `\t\ttype filter hook ${base.hook} priority ${base.priority}; policy accept;\n`
  return `\tchain ${name} {\n${hook}${rules.map((rule) => `\t\t${printRule(rule)}\n`).join('')}\t}\n`
}
