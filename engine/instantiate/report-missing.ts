import type { Diagnostic, Staged } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Binding } from '../nwfilter/binding.ts'
import { closestName } from '../nwfilter/closest-name.ts'
import type { MissingAccess } from './find-missing.ts'

/**
 * What becomes of a binding whose filters read variables without a value. The value is the learning mode when `IP` alone is
 * missing and learning is on; otherwise libvirt refuses. Spec 3.5.
 */
export function reportMissing(missing: readonly MissingAccess[], binding: Binding): Staged<'any' | 'dhcp'> {
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
      return { value: undefined, diagnostics: [report('NWF310', binding.source, binding.filterSpan, message)] }
    }
  }
  // libvirt names IP only when learning is off.
  const told = mode === 'none' ? missing : missing.filter(({ printed }) => printed !== 'IP')
  return { value: undefined, diagnostics: [...sayShort(told, binding), ...sayUnknown(told, binding)] }
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

function sayUnknown(missing: readonly MissingAccess[], binding: Binding): readonly Diagnostic[] {
  const unknown = missing.filter(({ length }) => length === undefined)
  if (unknown.length === 0) return []
  const names = unknown.map(({ printed }) => `$${printed}`).join(', ')
  const message = `${names} ${unknown.length === 1 ? 'has' : 'have'} no value on ${binding.portDevice}: its guest cannot be started with this filter.${guessFor(unknown, binding)}`
  return [tell('NWF305', message, unknown, binding)]
}

/** A parameter of the binding whose name is close to that of a missing one. */
function guessFor(missing: readonly MissingAccess[], { parameters }: Binding): string {
  for (const { variable } of missing) {
    const close = closestName(variable.access.name, parameters.keys())
    if (close !== undefined) return ` The binding has the parameter ${close}: was ${variable.access.name} meant?`
  }
  return ''
}

function tell(
  code: 'NWF305' | 'NWF308' | 'NWF309',
  message: string,
  places: readonly MissingAccess[],
  { source, filterSpan }: Binding,
): Diagnostic {
  const related = places.map(({ printed, at, variable }) => ({
    source: at.filter.source,
    span: variable.span,
    message: `${at.filter.name} uses $${printed} here`,
  }))
  return report(code, source, filterSpan, message, { related })
}
