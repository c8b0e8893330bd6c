import type { VariableAccess } from '../protocols/attribute-value.ts'

const MAX_ITERATOR = 1000
/** Text behind `]` is ignored, as libvirt does. An empty name is taken and found missing later. */
const REFERENCE = /^\$([A-Za-z0-9_]*)(?:$|\[[ \t\n\v\f\r]*(@?)[ \t\n\v\f\r]*([+-]?\d+)[ \t\n\v\f\r]*\])/

/** Reads `$N`, `$N[i]` or `$N[@k]`; undefined where libvirt refuses the text. Spec 3.1. */
export function parseVariableAccess(text: string): VariableAccess | undefined {
  const match = REFERENCE.exec(text)
  if (match === null) return undefined
  const [, name = '', at, digits] = match
  if (digits === undefined) return { kind: 'variable', name, access: 'iterator', id: 0 }
  const written = Number(digits)
  if (Math.abs(written) > 0xffffffff) return undefined
  const id = written < 0 ? written + 2 ** 32 : Math.abs(written)
  if (at === '@') return id > MAX_ITERATOR ? undefined : { kind: 'variable', name, access: 'iterator', id }
  return { kind: 'variable', name, access: 'index', id }
}

/** The canonical text without the `$`: `N`, `N[i]` or `N[@k]`. */
export function printVariableAccess({ name, access, id }: VariableAccess): string {
  if (access === 'index') return `${name}[${id}]`
  return id === 0 ? name : `${name}[@${id}]`
}
