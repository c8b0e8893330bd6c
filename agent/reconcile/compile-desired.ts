import { type Compiled, compileBinding, type Diagnostic, hasErrors, positionAt } from '#engine'
import type { DesiredStateInput, WhenBroken } from '../link/contract.ts'
import { readBindingText } from './binding-texts.ts'
import { type FilterTexts, internTexts, readTexts } from './filter-texts.ts'

/** One device of the desired state, by the texts it is made of. */
export type DesiredDevice = {
  readonly portDevice: string
  readonly filter: string
  readonly bindingXml: string
  readonly filters: FilterTexts
  readonly whenBroken: WhenBroken
}
/** The same, compiled for ebtables. */
export type CompiledDevice = DesiredDevice & { readonly ruleset: Compiled['ruleset'] }
/** Why a device cannot be compiled, rendered for people, by port device. */
export type DeviceErrors = ReadonlyMap<string, readonly string[]>
type Texts = Pick<DesiredStateInput, 'filters' | 'bindings'>

/** A device name that Linux takes and that no tool mistakes for an option. */
const DEVICE_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.:-]{0,14}$/

/** Reads the texts of a desired state. `refusals` are about names that no device can have: nothing at all is done then. */
export function readDesired({ filters, bindings }: Texts): {
  readonly devices: readonly DesiredDevice[]
  readonly errors: DeviceErrors
  readonly refusals: readonly string[]
} {
  const texts = internTexts(filters)
  const devices: DesiredDevice[] = []
  const errors = new Map<string, readonly string[]>()
  const refusals: string[] = []
  for (const { portDevice, xml, whenBroken = 'keep' } of bindings) {
    const { value, diagnostics } = readBindingText(portDevice, xml)
    const found = renderErrors(diagnostics, texts, xml)
    if (!DEVICE_NAME.test(portDevice) || portDevice in {}) refusals.push(`“${portDevice}” is no name of a device here`)
    if (value !== undefined && value.portDevice !== portDevice)
      refusals.push(`binding:${portDevice}: the binding is for “${value.portDevice}”`)
    devices.push({ portDevice, filter: value?.filter ?? '', bindingXml: xml, filters: texts, whenBroken })
    if (value === undefined || found.length > 0) errors.set(portDevice, found)
  }
  return { devices, errors, refusals }
}

/** Compiles devices for ebtables with the engine. */
export function compileDevices(devices: readonly Omit<DesiredDevice, 'whenBroken'>[]): {
  readonly compiled: readonly CompiledDevice[]
  readonly errors: DeviceErrors
} {
  const errors = new Map<string, readonly string[]>()
  const compiled = devices.flatMap((device): readonly CompiledDevice[] => {
    const { portDevice, bindingXml, filters: texts, filter } = device
    const { filters, known } = readTexts(texts)
    const binding = readBindingText(portDevice, bindingXml).value
    if (binding === undefined) {
      errors.set(portDevice, [`binding:${portDevice}: the binding cannot be read`])
      return []
    }
    const { value, diagnostics, learning } = compileBinding({ filters, binding, dialect: 'libvirt' }, known)
    const refusal = sayLearning(diagnostics, learning) ?? sayIpLayer(filter, value?.ruleset)
    const found = [
      ...renderErrors(diagnostics, texts, bindingXml),
      ...(refusal === undefined ? [] : [`binding:${portDevice}: ${refusal}`]),
    ]
    if (value !== undefined && found.length === 0) return [{ whenBroken: 'keep', ...device, ruleset: value.ruleset }]
    errors.set(portDevice, withFilterErrors(found, texts))
    return []
  })
  return { compiled, errors }
}

/** What is wrong with filters is why a binding misses them. */
export function withFilterErrors(errors: readonly string[], texts: FilterTexts): readonly string[] {
  return [...new Set([...renderErrors(readTexts(texts).diagnostics, texts), ...errors])]
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

/** Temporary rules are for a while, and nobody would end them here. */
function sayLearning(diagnostics: readonly Diagnostic[], learning: 'any' | 'dhcp' | undefined): string | undefined {
  if (learning === undefined || hasErrors(diagnostics)) return undefined
  const why = diagnostics.map(({ message }) => message).join(' ')
  return `${why} Addresses are learned with the backend nftables alone; give the parameter IP.`
}

/** Half a filter would be a wrong verdict: rules that are not installed stop the whole binding. */
function sayIpLayer(filter: string, ruleset: Compiled['ruleset'] | undefined): string | undefined {
  const ip = ruleset?.shape.ip ?? []
  if (ip.length === 0) return undefined
  const tools = ip.map(({ tool, rules }) => `${rules.length} of ${tool}`).join(' and ')
  return `${filter} has rules of the IP layer (${tools}), which the backend ebiptables of this agent does not install; nftables does.`
}
