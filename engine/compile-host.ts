import { printText } from './backends/ebiptables/print-text.ts'
import { type CompiledBinding, compileBinding, type KnownShapes } from './compile-binding.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { Binding } from './nwfilter/binding.ts'
import type { Filter } from './nwfilter/filter.ts'

/** All bindings of a host. */
export type HostInput = {
  readonly filters: ReadonlyMap<string, Filter>
  readonly bindings: readonly Binding[]
  readonly dialect: Dialect
}

/** One port device of a host: its binding, what it compiles to, and the commands as text (undefined where nothing is installed). */
export type CompiledNic = {
  readonly binding: Binding
  readonly compiled: CompiledBinding
  readonly text: string | undefined
}

/** Everything a host gets, by port device, and what the next compilation can take over. */
export type CompiledHost = {
  readonly input: HostInput
  readonly nics: ReadonlyMap<string, CompiledNic>
  readonly known: KnownShapes
}

/**
 * Compiles all bindings of a host. With the `previous` result for the same filters and dialect, bindings that are the same
 * objects are taken over, and others share the work of their shape: cost grows with what changed. Of two bindings of one port
 * device the first counts.
 */
export function compileHost(input: HostInput, previous?: CompiledHost): CompiledHost {
  const { filters, bindings, dialect } = input
  const isSame = previous !== undefined && previous.input.filters === filters && previous.input.dialect === dialect
  const known: KnownShapes = isSame ? previous.known : new Map()
  const nics = new Map<string, CompiledNic>()
  for (const binding of bindings) {
    if (nics.has(binding.portDevice)) continue
    const before = isSame ? previous.nics.get(binding.portDevice) : undefined
    nics.set(binding.portDevice, before?.binding === binding ? before : compileNic())

    function compileNic(): CompiledNic {
      const compiled = compileBinding({ filters, binding, dialect }, known)
      return { binding, compiled, text: compiled.value && printText(compiled.value.ruleset) }
    }
  }
  return { input, nics, known }
}
