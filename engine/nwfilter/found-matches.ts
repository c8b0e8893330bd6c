import type { Match } from './filter.ts'

/** The attributes a rule has given so far. A rule has a handful: looking through them is cheaper than an index of its own. */
export type FoundMatches = Match[]

/** The match of an attribute, if it was given. */
export function findIn(found: readonly Match[], name: string): Match | undefined {
  for (const match of found) if (match.attribute === name) return match
  return undefined
}

/** Adds a match, in the place of an earlier one of its attribute. */
export function putInto(found: FoundMatches, match: Match): void {
  for (let at = 0; at < found.length; at += 1) {
    if (found[at]?.attribute !== match.attribute) continue
    found[at] = match
    return
  }
  found.push(match)
}

/** Takes the match of an attribute away. */
export function dropFrom(found: FoundMatches, name: string): void {
  const at = found.findIndex(({ attribute }) => attribute === name)
  if (at !== -1) found.splice(at, 1)
}
