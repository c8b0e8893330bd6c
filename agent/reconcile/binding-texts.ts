import { type Binding, type Diagnostic, parseBinding } from '#engine'

type ReadBinding = { readonly value: Binding | undefined; readonly diagnostics: readonly Diagnostic[] }

const MOST_KEPT = 20_000
const read = new Map<string, ReadBinding>()

/** Reads the text of a binding once: most bindings stay the same while their filters change. */
export function readBindingText(portDevice: string, xml: string): ReadBinding {
  const key = `${portDevice}\n${xml}`
  const known = read.get(key)
  if (known !== undefined) return known
  if (read.size >= MOST_KEPT) read.clear()
  const result = parseBinding(xml, `binding:${portDevice}`)
  read.set(key, result)
  return result
}
