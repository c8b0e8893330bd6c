import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { InstalledFile } from './files-of.ts'

/** Makes a file be as it shall be, whole or not at all, or not there; says what that took. Throws what the system says. */
export function putFile(root: string | undefined, { path, text }: InstalledFile, say: (step: string) => void): void {
  const file = join(root ?? '/', path)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  if (text === undefined) {
    if (before === undefined) return
    rmSync(file)
    say(`${file}: removed`)
    return
  }
  if (before === text) {
    say(`${file}: as it was`)
    return
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 })
  writeFileSync(`${file}.new`, text, { mode: 0o644 })
  renameSync(`${file}.new`, file)
  say(`${file}: ${before === undefined ? 'written' : 'written anew'}`)
}
