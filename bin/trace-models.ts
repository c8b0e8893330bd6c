import {
  compileBinding,
  type Diagnostic,
  type Dialect,
  explainRefused,
  type KnownShapes,
  lowerEbiptables,
  mergeDiagnostics,
  modelOfEbiptables,
  modelOfNftables,
  modelOfRules,
  type Places,
  placeLearning,
  positionsIn,
  type TraceModel,
  type Workspace,
} from '#engine'
import { compileHostNftables } from './compile-host-nftables.ts'
import { builtinText } from './read-sources.ts'

/** What frames can be traced over. */
export const MODELS = ['rules', 'ebiptables', 'nftables'] as const
type Over = (typeof MODELS)[number]
/** A model of everything in a workspace, and what was found on the way. With an error among it the model says nothing. */
type Made = { readonly model: TraceModel; readonly diagnostics: readonly Diagnostic[] }

/** Compiles a workspace to something that frames can be sent through. */
export function makeModel(workspace: Workspace, over: Over, dialect: Dialect): Made {
  const places = placesOf(workspace)
  if (over === 'nftables') {
    const { ruleset, found } = compileHostNftables(workspace, dialect)
    return { model: modelOfNftables(ruleset, places), diagnostics: explain(found, workspace) }
  }
  const { compiled, found } = compileDevices(workspace, dialect)
  const model =
    over === 'rules'
      ? modelOfRules(compiled, places)
      : modelOfEbiptables(
          compiled.map(({ ruleset }) => ruleset),
          places,
        )
  return { model, diagnostics: explain(found, workspace) }
}

function explain(found: readonly Diagnostic[], workspace: Workspace): readonly Diagnostic[] {
  return mergeDiagnostics([...workspace.diagnostics, ...explainRefused(found, workspace)])
}

/** While an address is learned, the temporary rules stand. */
function compileDevices({ filters, bindings }: Workspace, dialect: Dialect) {
  const known: KnownShapes = new Map()
  const found: Diagnostic[] = []
  const compiled = bindings.flatMap((binding) => {
    const { value, learning, diagnostics } = compileBinding({ filters, binding, dialect }, known)
    found.push(...diagnostics)
    if (value !== undefined || learning === undefined) return value ?? []
    const { placement, parameters } = placeLearning({ binding, dialect }, learning)
    const { portDevice } = binding
    const shape = lowerEbiptables(placement)
    return [{ placement, ruleset: { kind: 'ebiptables-ruleset', dialect, portDevice, parameters, shape } as const }]
  })
  return { compiled, found }
}

/** Where rules stand in the texts of a workspace. The temporary rules stand nowhere: they are counted. */
function placesOf({ texts }: Workspace): Places {
  const bySource = new Map(texts.map(({ source, text }) => [source, text]))
  const textIn = (source: string) => bySource.get(source) ?? builtinText(source)
  const positions = new Map<string, ReturnType<typeof positionsIn>>()
  return {
    lineOf: ({ source, span, entry }) => {
      const text = textIn(source)
      if (text === '') return entry + 1
      const positionOf = positions.get(source) ?? positionsIn(text)
      positions.set(source, positionOf)
      return positionOf(span.start).line
    },
    textOf: ({ source, span, filter }) =>
      textIn(source).slice(span.start, span.end).replaceAll(/\s+/g, ' ').trim() || filter,
  }
}
