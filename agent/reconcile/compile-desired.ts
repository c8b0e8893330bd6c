import { type Compiled, compileBinding, type Diagnostic, hasErrors, positionAt } from '#engine'
import type { DesiredStateInput } from '../link/contract.ts'
import { readBindingText } from './binding-texts.ts'
import { type FilterTexts, internTexts, readTexts } from './filter-texts.ts'

/** One device of the desired state, by the texts it is made of. */
export type DesiredDevice = {
  readonly portDevice: string
  readonly filter: string
  readonly bindingXml: string
  readonly filters: FilterTexts
}
/** The same, compiled for ebtables. */
export type CompiledDevice = DesiredDevice & { readonly ruleset: Compiled['ruleset'] }
type Texts = { readonly filters: FilterTexts; readonly bindings: DesiredStateInput['bindings'] }

/** A device name that Linux takes and that no tool mistakes for an option. */
const DEVICE_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.:-]{0,14}$/

/** Reads the texts of a desired state; `errors` are rendered for people, and then nothing may be installed. */
export function readDesired({ filters, bindings }: Texts): {
  readonly devices: readonly DesiredDevice[]
  readonly errors: readonly string[]
} {
  const texts = internTexts(filters)
  const errors = renderErrors(readTexts(texts).diagnostics, texts)
  const devices: DesiredDevice[] = []
  for (const { portDevice, xml } of bindings) {
    const { value, diagnostics } = readBindingText(portDevice, xml)
    errors.push(...renderErrors(diagnostics, texts, xml))
    if (value === undefined) continue
    if (value.portDevice === portDevice && DEVICE_NAME.test(portDevice))
      devices.push({ portDevice, filter: value.filter, bindingXml: xml, filters: texts })
    else
      errors.push(`binding:${portDevice}: the binding is for “${value.portDevice}”, which is no name of a device here`)
  }
  return { devices, errors }
}

/** Compiles the desired state for ebtables with the engine. */
export function compileDesired(input: Texts): {
  readonly devices: readonly CompiledDevice[]
  readonly errors: readonly string[]
} {
  const read = readDesired(input)
  const errors = [...read.errors]
  const devices = read.devices.flatMap((device): readonly CompiledDevice[] => {
    const { portDevice, bindingXml, filters: texts, filter } = device
    const { filters, known } = readTexts(texts)
    const binding = readBindingText(portDevice, bindingXml).value
    if (binding === undefined) return []
    const compiled = compileBinding({ filters, binding, dialect: 'libvirt' }, known)
    errors.push(...renderErrors(compiled.diagnostics, texts, bindingXml))
    const refusal = sayLearning(compiled.diagnostics, compiled.learning) ?? sayIpLayer(filter, compiled.value?.ruleset)
    if (refusal !== undefined) errors.push(`binding:${portDevice}: ${refusal}`)
    return compiled.value === undefined || refusal !== undefined ? [] : [{ ...device, ruleset: compiled.value.ruleset }]
  })
  return { devices, errors }
}

/** Errors as `SOURCE:LINE:COLUMN: CODE MESSAGE`; `xml` is the text of what is no filter. */
export function renderErrors(diagnostics: readonly Diagnostic[], filters: FilterTexts, xml = ''): string[] {
  return diagnostics.flatMap(({ severity, code, message, source, span }) => {
    if (severity !== 'error') return []
    const text = filters.find(({ name }) => source === `filter:${name}`)?.xml ?? xml
    const { line, column } = positionAt(text, span.start)
    return [`${source}:${line}:${column}: ${code} ${message}`]
  })
}

/** Temporary rules are for a while, and nobody here would end them. */
export function sayLearning(
  diagnostics: readonly Diagnostic[],
  learning: 'any' | 'dhcp' | undefined,
): string | undefined {
  if (learning === undefined || hasErrors(diagnostics)) return undefined
  const why = diagnostics.map(({ message }) => message).join(' ')
  return `${why} Learning is not done by this version; give the parameter IP.`
}

/** Half a filter would be a wrong verdict: rules that are not installed stop the whole binding. */
function sayIpLayer(filter: string, ruleset: Compiled['ruleset'] | undefined): string | undefined {
  const ip = ruleset?.shape.ip ?? []
  if (ip.length === 0) return undefined
  const tools = ip.map(({ tool, rules }) => `${rules.length} of ${tool}`).join(' and ')
  return `${filter} has rules of the IP layer (${tools}), which the backend ebiptables of this agent does not install; nftables does.`
}
