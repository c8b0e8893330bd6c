import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { severityIn } from '../../dialects/severity-in.ts'
import { textOfValue } from '../../instantiate/rule-instance.ts'
import { type BindingValues, reportValue } from '../../placement/report-value.ts'
import { type Slot, slotsOf } from './argument.ts'
import type { RulesetShape } from './ruleset.ts'

/** Every slot of a shape that differs in value, attribute or style, each once: what has to be checked for each binding. */
export function slotsToCheck({ ethernet, ip, discarded }: RulesetShape): readonly Slot[] {
  const found = new Map<string, Slot>()
  const rules = [
    ...ethernet.flatMap((statement) => (statement.kind === 'rule' ? [statement] : [])),
    ...ip.flatMap((layer) => layer.rules),
  ]
  for (const argument of [...rules.flatMap(({ matches }) => matches), ...discarded])
    for (const slot of slotsOf(argument)) {
      const { source, attribute, type } = slot
      const key = `${attribute} ${type.expected} ${source.kind === 'text' ? source.text : `$${source.name}[${source.index}]`}`
      if (!found.has(key)) found.set(key, slot)
    }
  return [...found.values()]
}

/**
 * The values of one binding against the places they go to: too long for libvirt's buffers is an error (NWF307), no text of the
 * attribute's kind a warning that the tool may refuse it, in strict an error (NWF319). Spec 3.2, 2.7.
 */
export function checkValues(
  slots: readonly Slot[],
  { binding, parameters, dialect }: BindingValues,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const slot of slots) {
    const { source, attribute, type } = slot
    const text = textOfValue(source, parameters)
    const limit = type.variableLength
    if (dialect === 'libvirt' && limit !== undefined && text.length > limit) {
      const message = `The value “${text}” is longer than the ${limit} characters that ${attribute} can hold.`
      diagnostics.push(reportValue('NWF307', slot, binding, message, 'error'))
      continue
    }
    if (type.parse(text) === undefined || type.surprise?.(text) !== undefined) {
      const severity = severityIn(dialect, 'NWF319')
      const message = `“${text}” is no value for ${attribute} (${type.expected}): libvirt passes it on as it is, and ${binding.portDevice} cannot be started where the tool does not read it.`
      if (severity !== undefined) diagnostics.push(reportValue('NWF319', slot, binding, message, severity))
    }
  }
  return diagnostics
}
