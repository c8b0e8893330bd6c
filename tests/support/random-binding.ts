import type { Random } from './random.ts'
import { pickFrom } from './random-rule.ts'
import { MACS, type Pool } from './random-values.ts'

const NAMES: Pool = {
  usual: ['vm', 'a b', 'x&amp;&lt;y&gt;', '&quot;it&apos;s&quot;', 'ü'],
  hostile: ['', '  ', ' vm ', 'tab&#9;lf&#10;', 'a/b', '&#xe9;&#x20ac;'],
}
/** Without `& < > " '`: libvirt prints these unescaped here, and we do not copy a text that cannot be read again. */
const FILTERS: Pool = { usual: ['clean-traffic', 'a b', 'ü'], hostile: ['', '  ', ' f ', 'a/b', '&#9;&#10;'] }
const UUIDS: Pool = {
  usual: ['d54df46f-1ab5-4a22-8618-4560ef5fac2c', 'D54DF46F-1AB5-4A22-8618-4560EF5FAC2C'],
  hostile: [
    '',
    'd54df46f1ab54a2286184560ef5fac2c',
    'd54df46f-1ab5-4a22-8618-4560ef5fac2',
    'd54df46f-1ab5-4a22-8618-4560ef5fac2cc',
    ' d54df46f-1ab5-4a22-8618-4560ef5fac2c ',
    '{d54df46f-1ab5-4a22-8618-4560ef5fac2c}',
    'd-54df46f1ab54a2286184560ef5fac2-c',
    'g54df46f-1ab5-4a22-8618-4560ef5fac2c',
  ],
}
const PARAMETERS: readonly (readonly [name: string, value: string])[] = [
  ['IP', '10.1.1.5'],
  ['IP', '10.1.1.6'],
  ['MAC', '52:54:00:aa:bb:cc'],
  ['CTRL_IP_LEARNING', 'dhcp'],
  ['A_1', 'x_y.z:1'],
  ['a-b', '1'],
  ['', '1'],
  ['X', ''],
  ['X', 'a/b'],
  ['X', 'ü'],
]

/** A random text of a binding: mostly whole, sometimes with a part that is missing, comes twice or holds something odd. */
export function randomBinding(random: Random): string {
  const hostile = random.chance(0.5) ? 0.1 : 0
  const pick = (pool: Pool) => pickFrom(random, pool, hostile)
  const parts = [
    `<owner>${shuffled(random, [`<name>${pick(NAMES)}</name>`, `<uuid>${pick(UUIDS)}</uuid>`], hostile)}</owner>`,
    `<portdev name='${pick({ usual: ['vnet0', 'tap-1', 'a&amp;b'], hostile: NAMES.hostile })}'/>`,
    ...(random.chance(0.3) ? [`<linkdev name='${pick(NAMES)}'/>`] : []),
    `<mac address='${pick(MACS)}'/>`,
    randomReference(random, pick(FILTERS)),
  ]
  const root = random.chance(hostile / 5) ? 'filter' : 'filterbinding'
  return `<${root}>${shuffled(random, parts, hostile)}</${root}>`
}

/** In any order, with a comment or an unknown element between them; hostile ones lose or repeat a part or its attribute. */
function shuffled(random: Random, parts: readonly string[], hostile: number): string {
  const all = parts.flatMap((part) => {
    if (!random.chance(hostile)) return [part]
    return random.pick([[], [part, part], [part.replace(/ (name|address|filter)='[^']*'/, '')]])
  })
  if (random.chance(0.2)) all.push(random.pick(['<!-- c -->', '<other name="x"/>', 'text', '<![CDATA[x]]>']))
  return all
    .map((part) => [random.next(), part] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, part]) => part)
    .join('\n  ')
}

function randomReference(random: Random, filter: string): string {
  const parameters = Array.from({ length: random.below(5) }, () => random.pick(PARAMETERS))
  const elements = parameters.map(([name, value]) => `<parameter name='${name}' value='${value}'/>`)
  return `<filterref filter='${filter}'>${elements.join('')}</filterref>`
}
