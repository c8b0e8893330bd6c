import { type Diagnostic, type IpSet, parseIpsets } from '#engine'
import { readSources } from './read-sources.ts'

/** The ipsets of a file, by name, with what was found in it; none without a file. */
export function readSets(file: string | undefined): {
  readonly ipsets: ReadonlyMap<string, IpSet>
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: readonly { readonly source: string; readonly text: string }[]
} {
  const read = file === undefined ? [] : readSources([file])
  const parsed = read.map(({ file: source, text, problem }) => {
    const { value = [], diagnostics } = parseIpsets(text, source)
    return { value, diagnostics: problem === undefined ? diagnostics : [problem] }
  })
  return {
    ipsets: new Map(parsed.flatMap(({ value }) => value.map((set) => [set.name, set] as const))),
    diagnostics: parsed.flatMap(({ diagnostics }) => diagnostics),
    texts: read.map(({ file: source, text }) => ({ source, text })),
  }
}
