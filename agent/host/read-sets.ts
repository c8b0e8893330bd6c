import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type IpSet, parseIpsets, positionAt } from '#engine'

/** What the admin put into the folder of sets. */
export type SetsOfHost = {
  /** Equal while no file has changed. */
  readonly stamp: string
  readonly ipsets: ReadonlyMap<string, IpSet>
  /** For people; a file with one holds no set. */
  readonly errors: readonly string[]
}

/** No set at all. */
export const NO_SETS: SetsOfHost = { stamp: '', ipsets: new Map(), errors: [] }

/** Reads the files of a folder, each as `ipset save` writes it; the same as `before` where none has changed. */
export function readSets(folder: string, before: SetsOfHost): SetsOfHost {
  const files = filesOf(folder)
  const stamp = files.map(({ file, changed, size }) => `${file} ${changed} ${size}`).join('\n')
  if (stamp === before.stamp) return before
  const ipsets = new Map<string, IpSet>()
  const errors: string[] = []
  for (const { file } of files) {
    const text = readFileSync(file, 'utf8')
    const { value = [], diagnostics } = parseIpsets(text, file)
    for (const set of value) {
      if (ipsets.has(set.name)) errors.push(`${file}: the set ${set.name} stands in two files`)
      ipsets.set(set.name, set)
    }
    for (const { span, code, message } of diagnostics) {
      const { line, column } = positionAt(text, span.start)
      errors.push(`${file}:${line}:${column}: ${code} ${message}`)
    }
  }
  return { stamp, ipsets, errors }
}

function filesOf(folder: string) {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const file = join(folder, name)
      const status = statSync(file, { throwIfNoEntry: false })
      return status?.isFile() ? [{ file, changed: status.mtimeMs, size: status.size }] : []
    })
}
