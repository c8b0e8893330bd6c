import { opendirSync } from 'node:fs'
import { join } from 'node:path'

const MOST_FILES = 20_000
const PRINTABLE = /^[^\p{Cc}]+$/u

/**
 * The files of a folder whose names have this end, in order; none where there is no folder. What a name stands for is not looked
 * at. Never throws: a folder that cannot be read, or holds too much, is a problem.
 */
export function listFiles(
  folder: string,
  end: string,
): { readonly files: readonly string[]; readonly problems: readonly string[] } {
  const names: string[] = []
  const problems: string[] = []
  try {
    const directory = opendirSync(folder)
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (!entry.name.endsWith(end) || entry.name.startsWith('.')) continue
        if (names.length === MOST_FILES) {
          problems.push(`${folder}: more than ${MOST_FILES} files, the others are not read`)
          break
        }
        if (PRINTABLE.test(entry.name)) names.push(entry.name)
        else problems.push(`${folder}: a name with control characters is not read`)
      }
    } finally {
      directory.closeSync()
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code !== 'ENOENT') problems.push(`${folder}: ${error.message}`)
  }
  return { files: names.sort().map((name) => join(folder, name)), problems }
}
