import {
  type Compiled,
  compileBinding,
  type Diagnostic,
  type Filter,
  hasErrors,
  parseBinding,
  parseFilter,
  positionAt,
} from '#engine'
import type { DesiredStateInput } from '../link/contract.ts'

/** One device of the desired state, compiled, with the texts it was made of. */
export type DesiredDevice = {
  readonly portDevice: string
  readonly filter: string
  readonly bindingXml: string
  readonly filters: DesiredStateInput['filters']
  readonly ruleset: Compiled['ruleset']
}

/** A device name that Linux takes and that no tool mistakes for an option. */
const DEVICE_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.:-]{0,14}$/

/** Compiles the desired state with the engine; `errors` are rendered for people, and then nothing may be installed. */
export function compileDesired({ filters: texts, bindings }: DesiredStateInput): {
  readonly devices: readonly DesiredDevice[]
  readonly errors: readonly string[]
} {
  const errors: string[] = []
  const sources = new Map(texts.map(({ name, xml }) => [`filter:${name}`, xml]))
  const tell = (diagnostics: readonly Diagnostic[]) => {
    for (const { severity, code, message, source, span } of diagnostics) {
      const { line, column } = positionAt(sources.get(source) ?? '', span.start)
      if (severity === 'error') errors.push(`${source}:${line}:${column}: ${code} ${message}`)
    }
  }
  const filters = new Map<string, Filter>()
  for (const { name, xml } of texts) {
    const parsed = parseFilter(xml, `filter:${name}`)
    tell(parsed.diagnostics)
    if (parsed.value !== undefined) filters.set(parsed.value.name, parsed.value)
  }
  const devices = bindings.flatMap(({ portDevice, xml }) => {
    sources.set(`binding:${portDevice}`, xml)
    const binding = parseBinding(xml, `binding:${portDevice}`)
    tell(binding.diagnostics)
    if (binding.value === undefined) return []
    if (binding.value.portDevice !== portDevice || !DEVICE_NAME.test(portDevice)) {
      errors.push(
        `binding:${portDevice}: the binding is for “${binding.value.portDevice}”, which is no name of a device here`,
      )
      return []
    }
    const compiled = compileBinding({ filters, binding: binding.value, dialect: 'libvirt' })
    tell(compiled.diagnostics)
    if (compiled.value === undefined) {
      if (!hasErrors(compiled.diagnostics))
        errors.push(
          `binding:${portDevice}: ${compiled.diagnostics.map(({ message }) => message).join(' ')} Learning is not done by this version; give the parameter IP.`,
        )
      return []
    }
    const { ruleset } = compiled.value
    if (ruleset.shape.ip.length > 0) {
      errors.push(`binding:${portDevice}: ${sayIpLayer(binding.value.filter, ruleset)}`)
      return []
    }
    return [{ portDevice, filter: binding.value.filter, bindingXml: xml, filters: texts, ruleset }]
  })
  return { devices, errors }
}

/** Half a filter would be a wrong verdict: rules that cannot be installed here stop the whole binding. */
function sayIpLayer(filter: string, { shape }: Compiled['ruleset']): string {
  const tools = shape.ip.map(({ tool, rules }) => `${rules.length} of ${tool}`).join(' and ')
  return `${filter} has rules of the IP layer (${tools}), which this agent does not install yet; it installs those of ebtables only.`
}
