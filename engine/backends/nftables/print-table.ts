import { fieldInfo } from './nft-field.ts'
import { printValue } from './print-match.ts'
import { printRule } from './print-rule.ts'
import type { NftChain, NftCounter, NftElement, NftSet, NftTable, NftValue } from './ruleset.ts'

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

/**
 * Elements as they stand between braces. Large hosts have many: what is asked of a field is asked once, where a verdict leads is
 * written once for those in a row that share it, and the usual lengths are one piece of text each, which V8 makes without steps.
 */
export function printElements({ fields }: NftSet, elements: readonly NftElement[], separator: string): string {
  const quotes = fields.map((field) => (fieldInfo(field).writes === 'ifname' ? '"' : ''))
  const joints = quotes.map((quote, at) => (at === 0 ? quote : `${quotes[at - 1]} . ${quote}`))
  const [first = '', second = '', third = ''] = joints
  const close = quotes.at(-1) ?? ''
  let [led, end] = [elements[0]?.verdict, endOf(close, elements[0]?.verdict)]
  const texts: string[] = []
  for (const { key, verdict } of elements) {
    if (verdict !== led) [led, end] = [verdict, endOf(close, verdict)]
    const [one = '', two = '', three = ''] = key
    if (key.length === 1) texts.push(`${first}${textOf(one)}${end}`)
    else if (key.length === 2) texts.push(`${first}${textOf(one)}${second}${textOf(two)}${end}`)
    else {
      let text = `${first}${textOf(one)}${second}${textOf(two)}${third}${textOf(three)}`
      for (let at = 3; at < key.length; at += 1) text += joints[at] + textOf(key[at] ?? '')
      texts.push(text + end)
    }
  }
  return texts.join(separator)
}

function textOf(value: NftValue): string {
  return typeof value === 'string' ? value : printValue('ether type', value)
}

function endOf(close: string, verdict: NftElement['verdict']): string {
  return verdict === undefined ? close : `${close} : ${verdict.kind} ${verdict.chain}`
}

function printChain({ name, base, rules }: NftChain): string {
  const hook = base === undefined ? '' : `\t\ttype filter hook ${base.hook} priority ${base.priority}; policy accept;\n`
  return `\tchain ${name} {\n${hook}${rules.map((rule) => `\t\t${printRule(rule)}\n`).join('')}\t}\n`
}
