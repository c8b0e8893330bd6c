import { protocols } from '../protocols/all-protocols.ts'
import type { AttributeValue } from '../protocols/attribute-value.ts'
import { escapeXml } from './escape-xml.ts'
import type { Filter, FilterRef, Match, Parameters, Rule } from './filter.ts'
import { printVariableAccess } from './variable-access.ts'

/**
 * The canonical text: what `virsh nwfilter-dumpxml` prints, byte for byte. Spec 1.6. A filter without UUID prints none; the
 * caller gives it one first where libvirt would. `name` and a filterref's `filter` are not escaped, as in libvirt.
 */
export function encodeFilter(filter: Filter): string {
  const priority = filter.chainPriority === 0 ? '' : ` priority='${filter.chainPriority}'`
  const uuid = filter.uuid === undefined ? '' : `  <uuid>${filter.uuid}</uuid>\n`
  const entries = filter.entries
    .map((entry) => (entry.kind === 'rule' ? encodeRule(entry) : encodeFilterRef(entry, '  ')))
    .join('')
  return `<filter name='${filter.name}' chain='${filter.chain}'${priority}>\n${uuid}${entries}</filter>\n`
}

/** A filterref with its parameters sorted by name. `escapeName` is for bindings, where libvirt escapes the filter's name. */
export function encodeFilterRef(
  reference: Pick<FilterRef, 'filter' | 'parameters'>,
  indent: string,
  escapeName = (text: string) => text,
): string {
  const parameters = encodeParameters(reference.parameters, `${indent}  `)
  const open = `${indent}<filterref filter='${escapeName(reference.filter)}'`
  return parameters === '' ? `${open}/>\n` : `${open}>\n${parameters}${indent}</filterref>\n`
}

function encodeParameters(parameters: Parameters, indent: string): string {
  const names = [...parameters.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return names
    .flatMap((name) =>
      (parameters.get(name) ?? []).map(
        (value) => `${indent}<parameter name='${escapeXml(name)}' value='${escapeXml(value)}'/>\n`,
      ),
    )
    .join('')
}

function encodeRule(rule: Rule): string {
  const statematch = rule.statematch ? '' : ` statematch='false'`
  const open = `  <rule action='${rule.action}' direction='${rule.direction}' priority='${rule.rulePriority}'${statematch}`
  return rule.protocol === 'none' ? `${open}/>\n` : `${open}>\n${encodeMatches(rule.protocol, rule.matches)}  </rule>\n`
}

function encodeMatches(protocol: string, matches: readonly Match[]): string {
  let text = ''
  let negated: boolean | undefined
  for (const match of matches) {
    if (match.negated !== negated) {
      text += `${negated === undefined ? '' : '/>\n'}    <${protocol}${match.negated ? ` match='no'` : ''}`
      negated = match.negated
    }
    text += ` ${match.attribute}='${encodeValue(protocol, match.attribute, match.value)}'`
  }
  return `${negated === undefined ? `    <${protocol}` : text}/>\n`
}

function encodeValue(protocol: string, name: string, value: AttributeValue): string {
  if (value.kind === 'variable') return `$${printVariableAccess(value)}`
  const type = protocols.get(protocol)?.byName.get(name)?.type
  const text = type?.encode(value) ?? ''
  // libvirt indents what follows a line end, even inside a value.
  return value.kind === 'string' ? `${escapeXml(text)}${text.endsWith('\n') ? '    ' : ''}` : text
}
