import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { threadId } from 'node:worker_threads'

const SOURCES = resolve(import.meta.dirname, '../wire')
const CACHE = resolve(import.meta.dirname, '../../.cache')
const COMPILER = ['-std=gnu11', '-O2', '-Wall', '-Wextra']
/** Debian's packages, each with a file that shows it is installed. */
const PACKAGES = {
  gcc: '/usr/bin/gcc',
  'libc6-dev': '/usr/include/stdio.h',
  'linux-libc-dev': '/usr/include/linux/netfilter/nfnetlink_conntrack.h',
} as const

/** Why frames cannot be put on wires on this machine; undefined when they can. */
export function whyWireIsMissing(): string | undefined {
  const missing = Object.entries(PACKAGES).flatMap(([name, file]) => (existsSync(file) ? [] : [name]))
  if (missing.length === 0) return undefined
  return `Debian's ${missing.join(', ')} is not installed, so nothing shows here that two rulesets treat frames the same`
}

/**
 * The program of tests/wire, built once for each content of its sources. Threads that build at the same time rename equal files
 * over each other.
 */
export function wireProgram(): string {
  const files = readdirSync(SOURCES).filter((file) => /\.[ch]$/.test(file))
  const paths = files.sort().map((file) => join(SOURCES, file))
  const hash = createHash('sha256').update(COMPILER.join(' '))
  for (const path of paths) hash.update(readFileSync(path))
  const program = join(CACHE, `wire-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(program)) return program
  mkdirSync(CACHE, { recursive: true })
  const unfinished = `${program}.${process.pid}-${threadId}`
  const code = paths.filter((path) => path.endsWith('.c'))
  execFileSync(PACKAGES.gcc, [...COMPILER, '-o', unfinished, ...code], { stdio: ['ignore', 'ignore', 'inherit'] })
  renameSync(unfinished, program)
  return program
}
