import type { OracleCase } from './oracle.ts'

/** A case as code: what one pastes into a test, or into a scratch file, to look at it alone. */
export function pasteCase({ filters, variables, portDevice }: OracleCase): string {
  const lines = (items: readonly string[]) => items.map((item) => `    ${item},\n`).join('')
  return [
    'const one: OracleCase = {\n',
    `  filters: [\n${lines(filters.map(quote))}  ],\n`,
    `  variables: [\n${lines(variables.map((pair) => `[${pair.map(quote).join(', ')}]`))}  ],\n`,
    portDevice === undefined ? '' : `  portDevice: ${quote(portDevice)},\n`,
    '}\n',
  ].join('')
}

/** A template literal keeps the line breaks of XML; what it would interpret itself is escaped. */
function quote(text: string): string {
  return `\`${text.replace(/[`\\]|\$\{/g, '\\$&')}\``
}
