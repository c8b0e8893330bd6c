import { type Compiled, compileBinding, type Diagnostic, hasErrors, parseBinding, positionAt } from '#engine'
import type { BackendName, DesiredStateInput } from '../link/contract.ts'
import { type FilterTexts, internTexts, readTexts } from './filter-texts.ts'

/** One device of the desired state, compiled, with the texts it was made of. */
export type DesiredDevice = {
  readonly portDevice: string
  readonly filter: string
  readonly bindingXml: string
  readonly filters: FilterTexts
  readonly ruleset: Compiled['ruleset']
}

/** A device name that Linux takes and that no tool mistakes for an option. */
const DEVICE_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.:-]{0,14}$/

/** Compiles the desired state with the engine; `errors` are rendered for people, and then nothing may be installed. */
export function compileDesired(
  { filters, bindings }: { readonly filters: FilterTexts; readonly bindings: DesiredStateInput['bindings'] },
  backend: BackendName,
): { readonly devices: readonly DesiredDevice[]; readonly errors: readonly string[] } {
  const texts = internTexts(filters)
  const read = readTexts(texts)
  const sources = new Map(texts.map(({ name, xml }) => [`filter:${name}`, xml]))
  const errors = renderErrors(read.diagnostics, sources)
  const devices: DesiredDevice[] = []
  for (const { portDevice, xml } of bindings) {
    const source = `binding:${portDevice}`
    const binding = parseBinding(xml, source)
    const tell = (found: readonly Diagnostic[]) => errors.push(...renderErrors(found, sources, xml))
    tell(binding.diagnostics)
    if (binding.value === undefined) continue
    if (binding.value.portDevice !== portDevice || !DEVICE_NAME.test(portDevice)) {
      const name = binding.value.portDevice
      errors.push(`${source}: the binding is for “${name}”, which is no name of a device here`)
      continue
    }
    const compiled = compileBinding({ filters: read.filters, binding: binding.value, dialect: 'libvirt' }, read.known)
    tell(compiled.diagnostics)
    const refusal = refusalOf(compiled, binding.value.filter, backend)
    if (refusal !== undefined) errors.push(`${source}: ${refusal}`)
    else if (compiled.value !== undefined)
      devices.push({
        portDevice,
        filter: binding.value.filter,
        bindingXml: xml,
        filters: texts,
        ruleset: compiled.value.ruleset,
      })
  }
  return { devices, errors }
}

/** Errors as `SOURCE:LINE:COLUMN: CODE MESSAGE`; `xml` is the text of what is no filter. */
export function renderErrors(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  xml = '',
): string[] {
  return diagnostics.flatMap(({ severity, code, message, source, span }) => {
    if (severity !== 'error') return []
    const { line, column } = positionAt(sources.get(source) ?? xml, span.start)
    return [`${source}:${line}:${column}: ${code} ${message}`]
  })
}

/** What this agent does not install: half a filter would be a wrong verdict. */
function refusalOf(
  { value, diagnostics }: ReturnType<typeof compileBinding>,
  filter: string,
  backend: BackendName,
): string | undefined {
  if (value === undefined) {
    if (hasErrors(diagnostics)) return undefined
    const why = diagnostics.map(({ message }) => message).join(' ')
    return `${why} Learning is not done by this version; give the parameter IP.`
  }
  const { ip } = value.ruleset.shape
  if (backend === 'nftables' || ip.length === 0) return undefined
  const tools = ip.map(({ tool, rules }) => `${rules.length} of ${tool}`).join(' and ')
  return `${filter} has rules of the IP layer (${tools}), which the backend ebiptables of this agent does not install; nftables does.`
}
