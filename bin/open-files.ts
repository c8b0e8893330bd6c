import { type Dialect, openWorkspace, type ReadText, readText, type Workspace } from '#engine'
import { parsedBuiltins, type SourceText } from './read-sources.ts'

/** Reads files in one dialect and puts them together; they know each other and, unless told otherwise, the built-in filters. */
export function openFiles(
  sources: readonly SourceText[],
  { dialect, builtin }: { readonly dialect: Dialect; readonly builtin: boolean },
): Workspace {
  return openWorkspace(
    sources.map((source) => readFile(source, dialect)),
    builtin ? parsedBuiltins(dialect) : new Map(),
  )
}

/** Reads one file in one dialect. */
export function readFile({ file, text, problem }: SourceText, dialect: Dialect): ReadText {
  if (problem !== undefined) return { source: file, text, diagnostics: [problem], name: undefined }
  return readText(text, { dialect, sourceOf: () => file })
}
