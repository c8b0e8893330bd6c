import {
  type Binding,
  buildGraph,
  compileBinding,
  type Diagnostic,
  explainRefused,
  type IpSet,
  instantiate,
  type KnownShapes,
  mergeDiagnostics,
  parseDocument,
  printLearning,
  printScript,
  printText,
  printWords,
  type Workspace,
} from '#engine'
import { compileHostNftables } from './compile-host-nftables.ts'
import type { DialectName } from './dialect-of.ts'

export const STAGES = ['document', 'filter', 'graph', 'instances', 'placement', 'ruleset', 'text'] as const
export type Stage = (typeof STAGES)[number]
export type Backend = 'ebiptables' | 'nftables'
type CompileOptions = {
  readonly backend: Backend
  readonly dialect: DialectName
  /** Sets of ours that stand for ipsets, by name. */
  readonly ipsets?: ReadonlyMap<string, IpSet> | undefined
}
export type StageResult = { readonly name: string; readonly value: unknown }

export function isStage(text: string): text is Stage {
  return STAGES.some((stage) => stage === text)
}

/** The value of one stage for each text or binding it concerns, and everything that was found on the way. */
export function compileStage(
  workspace: Workspace,
  stage: Stage,
  { backend, dialect, ipsets }: CompileOptions,
): { readonly results: readonly StageResult[]; readonly diagnostics: readonly Diagnostic[] } {
  const { texts, filters, diagnostics } = workspace
  if (stage === 'graph') {
    const { references, dependents, missing, cycles } = buildGraph(filters.values())
    return { results: [{ name: 'graph', value: { references, dependents, missing, cycles } }], diagnostics }
  }
  if (stage === 'document')
    return {
      results: texts.map(({ source, text }) => ({ name: source, value: parseDocument(text, source).value?.root })),
      diagnostics,
    }
  if (stage === 'filter')
    return {
      results: texts.map(({ source, filter, binding, domain, network }) => ({
        name: source,
        value: filter ?? binding ?? domain ?? network,
      })),
      diagnostics,
    }
  if (backend === 'nftables' && (stage === 'ruleset' || stage === 'text'))
    return compileHostWide(workspace, stage, { dialect, ipsets })
  return compileBindings(workspace, stage, dialect)
}

/** All bindings together are one ruleset of nftables. */
function compileHostWide(
  workspace: Workspace,
  stage: 'ruleset' | 'text',
  { dialect, ipsets }: Omit<CompileOptions, 'backend'>,
) {
  const { ruleset, found } = compileHostNftables(workspace, dialect, ipsets)
  const diagnostics = mergeDiagnostics([...workspace.diagnostics, ...explainRefused(found, workspace)])
  const results =
    workspace.bindings.length === 0 ? [] : [{ name: 'host', value: stage === 'text' ? printScript(ruleset) : ruleset }]
  return { results, diagnostics }
}

/** The commands as text: a new generation, or the temporary rules while the address is learned. */
function textOf({ value, learning }: ReturnType<typeof compileBinding>, binding: Binding): string | undefined {
  if (value !== undefined) return printText(value.ruleset)
  return learning === undefined ? undefined : printWords(printLearning(binding, learning))
}

function compileBindings(workspace: Workspace, stage: Stage, dialect: DialectName) {
  const { filters, bindings } = workspace
  const known: KnownShapes = new Map()
  const results: StageResult[] = []
  const found: Diagnostic[] = []
  for (const binding of bindings) {
    const input = { filters, binding, dialect }
    const compiled = compileBinding(input, known)
    found.push(...compiled.diagnostics)
    const name = binding.portDevice
    if (stage === 'text') {
      const text = textOf(compiled, binding)
      if (text !== undefined) results.push({ name, value: text })
    } else if (stage === 'placement') results.push({ name, value: compiled.value?.placement })
    else if (stage === 'instances') results.push({ name, value: instantiate(filters, binding, dialect).value })
    else results.push({ name, value: compiled.value?.ruleset })
  }
  const diagnostics = mergeDiagnostics([...workspace.diagnostics, ...explainRefused(found, workspace)])
  return { results, diagnostics }
}
