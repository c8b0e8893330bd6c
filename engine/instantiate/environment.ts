import type { Binding } from '../nwfilter/binding.ts'
import type { Parameters } from '../nwfilter/filter.ts'
import type { ValueSource } from './rule-instance.ts'

/** The values a name has at a place in the tree. */
type ValueList = { readonly values: readonly string[]; readonly inBinding: boolean }
/** What is known at a place in the tree, by name. */
export type Environment = ReadonlyMap<string, ValueList>

/** The parameters of a binding as its filters see them: `MAC` is the NIC's own unless it was given. Spec 3.3, 4.1. */
export function parametersOf(binding: Binding): Parameters {
  return binding.parameters.has('MAC') ? binding.parameters : new Map([...binding.parameters, ['MAC', [binding.mac]]])
}

/** What the root of a tree knows: the parameters of the binding. */
export function environmentOf(parameters: Parameters): Environment {
  return new Map([...parameters].map(([name, values]) => [name, { values, inBinding: true }]))
}

/** The environment behind a filterref: what is known outside wins over its parameters. Spec 3.2. */
export function overlay(inner: Parameters, outer: Environment): Environment {
  if (inner.size === 0) return outer
  return new Map([
    ...[...inner].map(([name, values]): [string, ValueList] => [name, { values, inBinding: false }]),
    ...outer,
  ])
}

/** Where the value at an index comes from. */
export function sourceOf(name: string, index: number, environment: Environment): ValueSource {
  const list = environment.get(name)
  return list?.inBinding === false
    ? { kind: 'text', text: list.values[index] ?? '' }
    : { kind: 'parameter', name, index }
}
