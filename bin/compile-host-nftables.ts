import {
  type CompiledNftables,
  compileNftables,
  type Dialect,
  type IpSet,
  LEAST_CAPABILITIES,
  positionsIn,
  type Workspace,
} from '#engine'
import { builtinText } from './read-sources.ts'

/** Everything of a workspace for nftables, with the lines of its texts in comments. */
export function compileHostNftables(
  { filters, bindings, texts }: Workspace,
  dialect: Dialect,
  ipsets?: ReadonlyMap<string, IpSet>,
): CompiledNftables {
  const positions = new Map<string, ReturnType<typeof positionsIn>>()
  const lineOf = ({ source, span }: { readonly source: string; readonly span: { readonly start: number } }) => {
    const known =
      positions.get(source) ?? positionsIn(texts.find((text) => text.source === source)?.text ?? builtinText(source))
    positions.set(source, known)
    return known(span.start).line
  }
  return compileNftables(
    { filters, bindings, dialect, lineOf },
    { capabilities: LEAST_CAPABILITIES, observed: new Set(), ...(ipsets === undefined ? {} : { ipsets }) },
  )
}
