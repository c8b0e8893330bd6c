import type { Reading } from './reading.ts'

/** Tells the first character of a stretch that XML forbids; `raw` begins at `start`. */
export function sayForbidden(reading: Reading, raw: string, start: number): void {
  const at = findForbidden(raw)
  if (at !== -1) reading.say('NWF107', start + at, start + at + 1, describeForbidden(raw, at))
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
  return `The character U+${raw.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')} is not allowed in XML.`
}
