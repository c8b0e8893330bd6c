import type { Binding } from '../nwfilter/binding.ts'
import type { Parameters } from '../nwfilter/filter.ts'

/**
 * What the rule instances of a binding depend on besides the filters: its filter, and for each parameter how many values it has
 * and which of them are equal. Bindings with one key have the same instances, and differ in values alone. Spec 3.4.
 */
export function shapeKey(binding: Binding, parameters: Parameters): string {
  let key = binding.filter
  for (const name of [...parameters.keys()].sort()) {
    const values = parameters.get(name) ?? []
    key += `\n${name} ${values.length === 1 ? '0' : values.map((value) => values.indexOf(value)).join(' ')}`
  }
  return key
}
