import type { Diagnostic, Dialect } from '#engine'
import { type Backend, compileStage } from '../../bin/compile-stage.ts'
import { openFiles } from '../../bin/open-files.ts'

/** The source of a text by its place in the list. */
export const sourceOf = (at: number) => `text ${at}`

/** Everything the command line tells about texts that belong together and what they bind, built-in filters known. */
export function diagnoseTexts(
  texts: readonly string[],
  dialect: Dialect = 'libvirt',
  backend: Backend = 'ebiptables',
): readonly Diagnostic[] {
  const files = texts.map((text, at) => ({ file: sourceOf(at), text, problem: undefined }))
  return compileStage(openFiles(files, { dialect, builtin: true }), 'ruleset', { backend, dialect }).diagnostics
}
