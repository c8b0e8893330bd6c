import type { Rule } from '../../nwfilter/filter.ts'
import { cutText } from '../../protocols/cut-text.ts'

/** What nft keeps of a comment (nft(8): at most 128 bytes), with room for its end. */
const MOST_BYTES = 120

/**
 * The comment of a kernel rule: where it comes from, and the remark of its author. nft has no escapes inside of quotes, so what
 * could end them or the line is replaced.
 */
export function commentOf(place: string, { matches }: Rule): string {
  const match = matches.find(({ attribute }) => attribute === 'comment')
  const value = match?.value.kind === 'variable' ? match.shadowed : match?.value
  const remark = value?.kind === 'string' ? ` ${value.text}` : ''
  const text = `${place}${remark}`.replaceAll('"', "'").replace(/[\p{Cc}\p{Cs}\u2028\u2029\\]/gu, ' ')
  return cutText(text, MOST_BYTES).trimEnd()
}
