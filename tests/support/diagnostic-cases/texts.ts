/** A filter with its content on a line of its own. */
export function filter(content: string, attributes = `name='example'`): string {
  return `<filter ${attributes}>\n  ${content}\n</filter>\n`
}

/** A filter of one rule with one line inside. */
export function rule(attributes: string, element: string): string {
  return filter(`<rule ${attributes}>\n    ${element}\n  </rule>`)
}

export function drop(element: string): string {
  return rule(`action='drop' direction='in'`, element)
}

export function accept(element: string): string {
  return rule(`action='accept' direction='in'`, element)
}

/** The binding of vnet0 to a filter; a list of values repeats the parameter. */
export function bind(
  name: string,
  parameters: Readonly<Record<string, string | readonly string[]>> = {},
  portDevice = 'vnet0',
): string {
  const values = Object.entries(parameters).flatMap(([key, value]) =>
    [value].flat().map((one) => `\n    <parameter name='${key}' value='${one}'/>`),
  )
  return bindTo(`<filterref filter='${name}'>${values.join('')}</filterref>`, portDevice)
}

/** The same with the reference as it is written. */
export function bindTo(reference: string, portDevice = 'vnet0'): string {
  const owner = `<owner><name>web</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner>`
  const device = `<portdev name='${portDevice}'/>\n  <mac address='52:54:00:00:00:10'/>`
  return `<filterbinding>\n  ${owner}\n  ${device}\n  ${reference}\n</filterbinding>\n`
}

/** A domain with one interface on a bridge. */
export function domain(inside: string, type = 'bridge'): string {
  return `<domain>\n  <name>web</name>\n  <devices>\n    <interface type='${type}'>\n      ${inside}\n    </interface>\n  </devices>\n</domain>\n`
}
