import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** What came of reading a file that must not be lost. `source`: which copy it was. */
export type DurableRead = {
  readonly text: string | undefined
  readonly source: 'current' | 'new' | 'previous' | 'none'
  /** Where damaged copies were put, with what is wrong with them. */
  readonly setAside: readonly { readonly file: string; readonly problem: string }[]
}

const HEADER = /^sluice 1 sha256:([0-9a-f]{64})\n/

/**
 * `header`: a first line with a checksum; programs of the system that read the file would not know what to do with it.
 * `previous`: the text before is kept as FILE.previous. `sync`: it is on the disk when this returns, and survives the system, not
 * only this process.
 */
type WriteOptions = { readonly header: boolean; readonly previous: boolean; readonly sync: boolean }

/** Writes a text so that a crash at any moment leaves it or the one before, whole. */
export function writeDurable(file: string, text: string, { header, previous, sync }: WriteOptions): void {
  writeWhole(`${file}.new`, header ? `sluice 1 sha256:${checksum(text)}\n${text}` : text, sync)
  // A second name for the same file: at no moment is there none.
  if (previous && existsSync(file)) {
    rmSync(`${file}.previous`, { force: true })
    linkSync(file, `${file}.previous`)
  }
  renameSync(`${file}.new`, file)
  if (sync) syncFolder(file)
}

/**
 * Reads what was written last. A copy that is damaged is renamed, so that somebody can look at it, and the next best is taken: one
 * that was whole but not yet in place, then the one before. `stamp` is part of the name of what is set aside.
 */
export function readDurable(file: string, stamp: string): DurableRead {
  const setAside: { file: string; problem: string }[] = []
  const sources = [
    ['current', file],
    ['new', `${file}.new`],
    ['previous', `${file}.previous`],
  ] as const
  for (const [source, name] of sources) {
    if (!existsSync(name)) continue
    const read = readWhole(name)
    if ('text' in read) return { text: read.text, source, setAside }
    // A copy that was never put in place was cut by the crash, and is nothing to tell of.
    if (source === 'new') rmSync(name, { force: true })
    else {
      const aside = `${name}.damaged-${stamp}`
      renameSync(name, aside)
      setAside.push({ file: aside, problem: read.problem })
    }
  }
  return { text: undefined, source: 'none', setAside }
}

function readWhole(file: string): { readonly text: string } | { readonly problem: string } {
  const content = readFileSync(file, 'utf8')
  const [header, expected] = HEADER.exec(content) ?? []
  if (header === undefined) return { problem: content === '' ? 'it is empty' : 'its first line is no header of ours' }
  const text = content.slice(header.length)
  return checksum(text) === expected ? { text } : { problem: 'its checksum is another one: it was cut or changed' }
}

function writeWhole(file: string, text: string, sync: boolean): void {
  const descriptor = openSync(file, 'w', 0o600)
  try {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done)
    if (sync) fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** A name is on the disk when its folder is. */
function syncFolder(file: string): void {
  const descriptor = openSync(dirname(file), 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
