/** How a variable is read: `$N` and `$N[@k]` take every value in turn (iterator k, 0 without), `$N[i]` one value. Spec 3.1. */
export type VariableAccess = {
  readonly kind: 'variable'
  readonly name: string
  readonly access: 'iterator' | 'index'
  /** The iterator's id, or the index. */
  readonly id: number
}

/** A decoded attribute value. `base` is the base the author wrote, in which libvirt prints it back. Spec 2.1. */
export type AttributeValue =
  | VariableAccess
  | { readonly kind: 'number'; readonly value: number; readonly base: 10 | 16; readonly name: string | undefined }
  | { readonly kind: 'mac'; readonly text: string }
  | { readonly kind: 'ipv4'; readonly text: string }
  | { readonly kind: 'ipv6'; readonly text: string }
  | { readonly kind: 'prefix-length'; readonly length: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'states'; readonly words: readonly string[] }
  /** Both sides as iptables takes them: names joined by commas, `ALL` or `NONE`. */
  | { readonly kind: 'tcp-flags'; readonly mask: string; readonly flags: string }
  | { readonly kind: 'ipset-flags'; readonly sides: readonly ('src' | 'dst')[] }
