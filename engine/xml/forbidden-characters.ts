import { replacement } from './fix-tags.ts'
import type { Reading, Say } from './reading.ts'

/** Tells the first character of a stretch that XML forbids; `raw` begins at `start`. */
export function sayForbidden(reading: Reading, raw: string, start: number): void {
  const at = findForbidden(raw)
  if (at === -1) return
  const place = start + at
  reading.say('NWF107', place, place + 1, describeForbidden(raw, at), replacement(place, place + 1, ''))
}

/** Nothing in it has to be resolved, normalised or told: printable ASCII without & and <. */
export function isPlainText(raw: string): boolean {
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at)
    if (code < 32 || code > 126 || code === 38 || code === 60) return false
  }
  return true
}

/** Tells a character of an attribute's value that XML forbids; `raw` begins at `start`. */
export function sayForbiddenValue(say: Say, name: string, raw: string, start: number): void {
  const at = findForbidden(raw)
  if (at === -1) return
  const message = `The value of ${name} holds a character that XML forbids: U+${codeOf(raw, at)}.`
  const place = start + at
  say('NWF107', place, place + 1, message, replacement(place, place + 1, ''))
}

/** The first code unit that XML 1.0 forbids, or -1. Lone surrogates count: they are no characters. */
function findForbidden(raw: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to find
  const control = raw.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
  return control !== -1 || raw.isWellFormed()
    ? control
    : raw.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
}

function describeForbidden(raw: string, at: number): string {
  return `The character U+${codeOf(raw, at)} is not allowed in XML.`
}

function codeOf(raw: string, at: number): string {
  return raw.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
}
