import { type Diagnostic, type Dialect, parseIpsets } from '#engine'
import { type Backend, compileStage } from '../../bin/compile-stage.ts'
import { openFiles } from '../../bin/open-files.ts'

/** The source of a text by its place in the list. */
export const sourceOf = (at: number) => `text ${at}`

/** Everything the command line tells about texts that belong together and what they bind, built-in filters known. A text may be ipsets. */
export function diagnoseTexts(
  texts: readonly string[],
  dialect: Dialect = 'libvirt',
  backend: Backend = 'ebiptables',
): readonly Diagnostic[] {
  const all = texts.map((text, at) => ({ file: sourceOf(at), text, problem: undefined }))
  const isSets = ({ text }: { readonly text: string }) => text.startsWith('create ')
  const sets = all.filter(isSets).map(({ text, file }) => parseIpsets(text, file))
  const ipsets = new Map(sets.flatMap(({ value = [] }) => value.map((set) => [set.name, set] as const)))
  const workspace = openFiles(
    all.filter((file) => !isSets(file)),
    { dialect, builtin: true },
  )
  const { diagnostics } = compileStage(workspace, 'ruleset', { backend, dialect, ipsets })
  return [...sets.flatMap((one) => one.diagnostics), ...diagnostics]
}
