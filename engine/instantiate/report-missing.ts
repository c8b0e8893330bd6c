import type { Diagnostic, Fix, Staged } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Binding } from '../nwfilter/binding.ts'
import { misspeltParameter } from '../nwfilter/misspelt-parameter.ts'
import type { MissingAccess } from './find-missing.ts'

/**
 * What becomes of a binding whose filters read variables without a value. The value is the learning mode when `IP` alone is
 * missing and learning is on; otherwise libvirt refuses. `isRead` says whether a rule reads a variable. Spec 3.5.
 */
export function reportMissing(
  missing: readonly MissingAccess[],
  binding: Binding,
  isRead: (name: string) => boolean,
): Staged<'any' | 'dhcp'> {
  const written = binding.parameters.get('CTRL_IP_LEARNING')?.[0] ?? 'any'
  const mode = written.toLowerCase()
  if (missing.length === 1 && missing[0]?.printed === 'IP') {
    if (mode === 'any' || mode === 'dhcp') {
      const how = mode === 'any' ? 'from the first packets of the guest' : 'from DHCP'
      const message = `$IP has no value: libvirt learns it ${how} (CTRL_IP_LEARNING ${mode}). Until then temporary rules stand.`
      return { value: mode, diagnostics: [tell('NWF309', message, missing, binding)] }
    }
    if (mode !== 'none') {
      const message = `CTRL_IP_LEARNING “${written}” is unknown: use any, dhcp or none.`
      const span = binding.parameterValueSpans?.get('CTRL_IP_LEARNING')?.[0] ?? binding.filterSpan
      return { value: undefined, diagnostics: [report('NWF310', binding.source, span, message)] }
    }
  }
  // libvirt names IP only when learning is off.
  const told = mode === 'none' ? missing : missing.filter(({ printed }) => printed !== 'IP')
  return { value: undefined, diagnostics: [...sayShort(told, binding), ...sayUnknown(told, binding, isRead)] }
}

/** Lists that are there, but too short for an index. */
function sayShort(missing: readonly MissingAccess[], binding: Binding): readonly Diagnostic[] {
  return missing
    .filter(({ length }) => length !== undefined)
    .map((access) => {
      const { name, id } = access.variable.access
      const message = `$${access.printed} has no value on ${binding.portDevice}: ${name} has ${access.length} ${access.length === 1 ? 'value' : 'values'}, and index ${id} asks for number ${id + 1}.`
      return tell('NWF308', message, [access], binding)
    })
}

function sayUnknown(
  missing: readonly MissingAccess[],
  binding: Binding,
  isRead: (name: string) => boolean,
): readonly Diagnostic[] {
  const unknown = missing.filter(({ length }) => length === undefined)
  if (unknown.length === 0) return []
  const names = unknown.map(({ printed }) => `$${printed}`).join(', ')
  const message = `${names} ${unknown.length === 1 ? 'has' : 'have'} no value on ${binding.portDevice}: its guest cannot be started with this filter.`
  const variables = [...new Set(unknown.map(({ variable }) => variable.access.name))]
  const guesses = variables.flatMap((variable) => {
    const meant = misspeltParameter(variable, binding, isRead)
    return meant === undefined ? [] : [{ variable, ...meant }]
  })
  const words = guesses.map(({ name, variable }) => ` The binding has the parameter ${name}: was ${variable} meant?`)
  const fixes = guesses.flatMap(({ name, variable, isOnly }) => (isOnly ? renaming(name, variable, binding) : []))
  return [tell('NWF305', message + words.join(''), unknown, binding, fixes)]
}

/** Gives a parameter another name. That of a list stands once for each value: one edit does not rename it. */
function renaming(from: string, to: string, { parameters, parameterSpans }: Binding): readonly Fix[] {
  const span = parameterSpans?.get(from)
  if (span === undefined || parameters.get(from)?.length !== 1) return []
  return [{ title: `Rename ${from} to ${to}`, span, text: to }]
}

function tell(
  code: 'NWF305' | 'NWF308' | 'NWF309',
  message: string,
  places: readonly MissingAccess[],
  { source, filterSpan }: Binding,
  fixes: readonly Fix[] = [],
): Diagnostic {
  const related = places.map(({ printed, at, variable }) => ({
    source: at.filter.source,
    span: variable.span,
    message: `${at.filter.name} uses $${printed} here`,
  }))
  return report(code, source, filterSpan, message, { related, fixes })
}
