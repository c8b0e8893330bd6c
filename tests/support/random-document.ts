import type { Random } from './random.ts'

/** A well-formed text of any shape: blanks, quotes, references and comments wherever XML allows them. */
export function randomDocument(from: Random): string {
  const head = from.pick(['', '<?xml version="1.0" encoding="UTF-8"?>\n', '<!-- first -->\n', '\n\n  '])
  return (head.startsWith('\n') ? head.trim() : head) + randomElement(from, 3) + from.pick(['', '\n', '<!-- last -->'])
}

function randomElement(from: Random, depth: number): string {
  const name = from.pick(['filter', 'rule', 'mac', 'a.b', 'x_y', 'é', 'ns:name', 'k-1'])
  const names = ['name', 'chain', 'x', 'y.z', 'b:c', 'ü'].filter(() => from.chance(0.5))
  const attributes = names.map((attribute) => {
    const quote = from.pick(['"', "'"])
    const value = from.pick([
      '',
      'plain',
      '&lt;&amp;&gt;',
      '&quot;&apos;',
      'tab&#9;in',
      '&#x41;',
      'öß',
      ' spaced  out ',
      '>',
    ])
    return `${from.pick([' ', '\n  ', '\t'])}${attribute}${from.pick(['=', ' = ', '= '])}${quote}${value}${quote}`
  })
  const open = `<${name}${attributes.join('')}${from.pick(['', ' ', '\n'])}`
  if (depth === 0 || from.chance(0.3)) return `${open}/>`
  const children = Array.from({ length: from.below(4) }, () =>
    from.pick([
      () => randomElement(from, depth - 1),
      () => `<!-- ${from.pick(['note', '<rule/>', 'ä & b', ''])} -->`,
      () => from.pick(['\n  ', ' text &amp; more ', '\t']),
    ])(),
  )
  return `${open}>${children.join('')}</${name}${from.pick(['', ' '])}>`
}
