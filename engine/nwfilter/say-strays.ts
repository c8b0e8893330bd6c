import type { XmlElement } from '../xml/document.ts'
import { skipBlanks } from '../xml/skip.ts'
import { type DecodeContext, elementRemoval, say } from './decode-context.ts'

/** Tells text that libvirt skips inside an element: whatever it says, the element means the same without it. */
export function sayStrayText(element: XmlElement, context: DecodeContext): void {
  for (const child of element.children) {
    if (child.kind !== 'text' && child.kind !== 'cdata') continue
    const first = skipBlanks(child.value, 0)
    if (first === child.value.length) continue
    const written = child.value.trim()
    const start = child.kind === 'text' ? child.span.start + first : child.span.start
    const end = child.kind === 'text' ? Math.min(start + written.length, child.span.end) : child.span.end
    const fixes = [{ title: 'Remove the text', span: { start, end }, text: '' }]
    say(context, 'NWF125', { start, end }, `libvirt ignores this text in <${element.name}>.`, fixes)
  }
}

/** Tells elements inside a protocol element, which has attributes only. */
export function sayStrayElements(element: XmlElement, context: DecodeContext): void {
  for (const child of element.children) {
    if (child.kind !== 'element') continue
    const message = `<${element.name}> holds no elements; libvirt ignores <${child.name}>.`
    say(context, 'NWF122', child.nameSpan, message, elementRemoval(child))
  }
}

/** Tells an element that may stand once, and stands a second time. */
export function saySecond(element: XmlElement, context: DecodeContext): void {
  const message = `libvirt reads the first <${element.name}> alone; it ignores this one.`
  say(context, 'NWF122', element.nameSpan, message, elementRemoval(element))
}
