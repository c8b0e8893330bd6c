import type { XmlElement } from '../xml/document.ts'
import {
  type DecodeContext,
  elementRemoval,
  elementSpelling,
  type KnownAttributes,
  say,
  sayUnknownAttributes,
} from './decode-context.ts'
import { saySecond } from './say-strays.ts'

type Part = { readonly attributes: KnownAttributes; readonly elements: readonly string[] }

/** What each element of a binding holds; the filterref is read as in a filter. Spec 8.4. */
const PARTS: ReadonlyMap<string, Part> = new Map([
  ['filterbinding', partOf([], ['owner', 'portdev', 'linkdev', 'mac', 'filterref'])],
  ['owner', partOf([], ['name', 'uuid'])],
  ['name', partOf([], [])],
  ['uuid', partOf([], [])],
  ['portdev', partOf(['name'], [])],
  ['linkdev', partOf(['name'], [])],
  ['mac', partOf(['address'], [])],
])

/** Tells what libvirt skips in a binding: unknown elements and attributes, and every part but the first of its name. */
export function sayBindingStrays(element: XmlElement, context: DecodeContext): void {
  const part = PARTS.get(element.name)
  if (part === undefined) return
  sayUnknownAttributes(context, element, part.attributes)
  const seen = new Set<string>()
  for (const child of element.children) {
    if (child.kind !== 'element') continue
    if (!part.elements.includes(child.name)) {
      const { guess, fixes } = elementSpelling(
        child,
        part.elements.filter((name) => !seen.has(name)),
      )
      const message = `<${element.name}> has no element <${child.name}>; libvirt ignores it.${guess}`
      say(context, 'NWF122', child.nameSpan, message, [...fixes, ...elementRemoval(child)])
    } else if (seen.has(child.name)) saySecond(child, context)
    else sayBindingStrays(child, context)
    seen.add(child.name)
  }
}

/** All attributes of a binding are required, and what is likely to be one is told where it is missing. */
function partOf(names: readonly string[], elements: readonly string[]): Part {
  return { attributes: { has: (name) => names.includes(name), keys: () => names, required: names }, elements }
}
