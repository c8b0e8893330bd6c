/** What differs between two versions of a text: from `start`, up to `endBefore` in the older one. Equal texts differ nowhere. */
export type Edit = { readonly start: number; readonly endBefore: number }

/** Texts are compared in stretches of this length first. */
const STRETCH = 4096

/** The smallest stretch outside of which two versions are equal. */
export function findEdit(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length)
  const start = equalFromStart(before, after, shorter)
  const end = equalFromEnd(before, after, shorter - start)
  return { start, endBefore: before.length - end }
}

function equalFromStart(a: string, b: string, most: number): number {
  let at = 0
  while (at + STRETCH <= most && a.slice(at, at + STRETCH) === b.slice(at, at + STRETCH)) at += STRETCH
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1
  return at
}

function equalFromEnd(a: string, b: string, most: number): number {
  let count = 0
  const same = (length: number) =>
    a.slice(a.length - count - length, a.length - count) === b.slice(b.length - count - length, b.length - count)
  while (count + STRETCH <= most && same(STRETCH)) count += STRETCH
  while (count < most && same(1)) count += 1
  return count
}
