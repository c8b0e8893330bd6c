import {
  buildGraph,
  compileBinding,
  compileCommands,
  type Diagnostic,
  diagnoseFilter,
  type Filter,
  instantiate,
  parseDocument,
  type Staged,
} from '#engine'
import type { DialectName } from './dialect-of.ts'
import { printShellWords } from './print-shell-words.ts'
import type { Input } from './read-inputs.ts'
import { parsedBuiltins } from './read-sources.ts'

export const STAGES = ['document', 'filter', 'graph', 'instances', 'ruleset', 'text'] as const
export type Stage = (typeof STAGES)[number]
export type StageResult = { readonly name: string; readonly value: unknown }
type Place = { readonly diagnostic: Diagnostic; readonly text: string }
type Options = { readonly stage: Stage; readonly dialect: DialectName; readonly builtin: boolean }

export function isStage(text: string): text is Stage {
  return STAGES.some((stage) => stage === text)
}

/** The value of one stage for each text it concerns, and everything that was found on the way. */
export function compileStage(
  inputs: readonly Input[],
  { stage, dialect, builtin }: Options,
): { readonly results: readonly StageResult[]; readonly diagnostics: readonly Place[] } {
  const filters = new Map<string, Filter>(builtin ? parsedBuiltins() : [])
  for (const { filter } of inputs) if (filter !== undefined) filters.set(filter.name, filter)
  const texts = new Map(inputs.map(({ source, text }) => [source, text]))
  const diagnostics: Place[] = []
  const say = (found: readonly Diagnostic[]) =>
    diagnostics.push(...found.map((diagnostic) => ({ diagnostic, text: texts.get(diagnostic.source) ?? '' })))
  const results: StageResult[] = []
  const keep = (name: string, { value, diagnostics: found }: Staged<unknown>) => {
    say(found)
    if (value !== undefined) results.push({ name, value })
  }
  if (stage === 'graph')
    return { results: [{ name: 'graph', value: graphOf(filters) }], diagnostics: inputs.flatMap(toPlaces) }
  for (const input of inputs) {
    const { filter, binding, source, text } = input
    if (stage === 'document')
      keep(source, { value: parseDocument(text, source).value?.root, diagnostics: input.diagnostics })
    else if (stage === 'filter') keep(source, { value: filter ?? binding, diagnostics: input.diagnostics })
    else {
      say(filter === undefined ? input.diagnostics : diagnoseFilter(text, source, filters))
      if (binding === undefined) continue
      const compile = { filters, binding, dialect }
      if (stage === 'instances') keep(binding.portDevice, instantiate(filters, binding))
      else if (stage === 'ruleset')
        keep(
          binding.portDevice,
          mapValue(compileBinding(compile), ({ ruleset }) => ruleset),
        )
      else
        keep(
          binding.portDevice,
          mapValue(compileCommands(compile), (commands) => printShellWords(commands)),
        )
    }
  }
  return { results, diagnostics }
}

function toPlaces({ diagnostics, text }: Input): readonly Place[] {
  return diagnostics.map((diagnostic) => ({ diagnostic, text }))
}

function graphOf(filters: ReadonlyMap<string, Filter>): unknown {
  const { references, dependents, missing, cycles } = buildGraph(filters.values())
  return { references, dependents, missing, cycles }
}

function mapValue<A, B>({ value, diagnostics }: Staged<A>, change: (value: A) => B): Staged<B> {
  return { value: value === undefined ? undefined : change(value), diagnostics }
}
