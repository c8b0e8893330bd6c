import type { Binding } from './binding.ts'
import { closestName } from './closest-name.ts'

/**
 * The parameter of a binding that is likely to be meant for a variable without a value: the closest name that no rule reads.
 * `isOnly` when no other comes close.
 */
export function misspeltParameter(
  variable: string,
  { parameters }: Pick<Binding, 'parameters'>,
  isRead: (name: string) => boolean,
): { readonly name: string; readonly isOnly: boolean } | undefined {
  const unread = [...parameters.keys()].filter((name) => !isRead(name))
  const name = closestName(variable, unread)
  if (name === undefined) return undefined
  const others = unread.filter((other) => other !== name)
  return { name, isOnly: closestName(variable, others) === undefined }
}
