import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { threadId } from 'node:worker_threads'

/** One field of a request or of an answer: a letter that says what it is, and its text. */
export type Field = readonly [kind: string, text: string]

const SOURCES = resolve(import.meta.dirname, '../oracle')
const CACHE = resolve(import.meta.dirname, '../../.cache')
const LIBRARY = '/usr/lib/x86_64-linux-gnu/libvirt.so.0'
const COMPILER = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Wl,--allow-shlib-undefined']
/** Debian's packages, each with a file that shows it is installed. */
const PACKAGES = {
  gcc: '/usr/bin/gcc',
  'libc6-dev': '/usr/include/stdio.h',
  libvirt0: LIBRARY,
  'libvirt-daemon': '/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_nwfilter.so',
  'util-linux': '/usr/bin/unshare',
} as const
/** In UTF-8 no text holds these bytes. */
const FIELD_END = 0xfe
const MESSAGE_END = 0xff
/** So many requests go to one process: their texts and answers stand in memory together. */
const REQUESTS_PER_PROCESS = 2000

let binary: string | undefined

/** Why libvirt itself cannot be asked on this machine; undefined when it can. */
export function whyOracleIsMissing(): string | undefined {
  const consequence = 'so nothing shows here that we do what libvirt does'
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `the program that asks libvirt knows its memory layout on Linux on x86-64 only, not on ${process.platform} on ${process.arch}, ${consequence}`
  const missing = Object.entries(PACKAGES).flatMap(([name, file]) => (existsSync(file) ? [] : [name]))
  if (missing.length > 0) return `Debian's ${missing.join(', ')} is not installed, ${consequence}`
  const library = realpathSync(LIBRARY)
  if (!library.endsWith('.so.0.9000.0')) return `${library} is not libvirt 9.0.0, ${consequence}`
  return undefined
}

/**
 * Sends requests to libvirt 9.0.0, in a network namespace of its own, and reads one answer for each. The protocol stands in
 * tests/oracle/README.md.
 */
export function runOracle(requests: readonly (readonly Field[])[]): readonly (readonly Field[])[] {
  binary ??= build()
  const answers: (readonly Field[])[] = []
  for (let at = 0; at < requests.length; at += REQUESTS_PER_PROCESS)
    answers.push(...runOnce(binary, requests.slice(at, at + REQUESTS_PER_PROCESS)))
  return answers
}

function runOnce(program: string, requests: readonly (readonly Field[])[]): readonly (readonly Field[])[] {
  const { stdout, stderr, error } = spawnSync('unshare', ['-rn', program], {
    input: Buffer.concat(requests.map(encodeRequest)),
    maxBuffer: 2 ** 31 - 1,
  })
  if (error !== undefined) throw error
  const answers = split(stdout, MESSAGE_END).map((answer) => split(answer, FIELD_END).flatMap(decodeField))
  if (answers.length !== requests.length)
    throw new Error(`the oracle answered ${answers.length} of ${requests.length} requests: ${stderr}`)
  return answers
}

function encodeRequest(fields: readonly Field[]): Buffer {
  const parts = fields.flatMap(([kind, text]) => {
    if (text.includes('\0')) throw new Error(`libvirt's texts end at a zero byte: ${JSON.stringify(text)}`)
    return [Buffer.from(kind + text), Buffer.of(FIELD_END)]
  })
  return Buffer.concat([...parts, Buffer.of(MESSAGE_END)])
}

/** An empty field stands where a crash closed one that was not open. */
function decodeField(field: Buffer): readonly Field[] {
  const text = field.toString('utf8')
  return text === '' ? [] : [[text.slice(0, 1), text.slice(1)]]
}

/** The parts that end with this byte; what follows the last of them is not whole. */
function split(bytes: Buffer, end: number): readonly Buffer[] {
  const parts: Buffer[] = []
  let start = 0
  for (let at = bytes.indexOf(end); at !== -1; at = bytes.indexOf(end, start)) {
    parts.push(bytes.subarray(start, at))
    start = at + 1
  }
  return parts
}

/** Built once for each content of the sources. Threads that build at the same time rename equal files over each other. */
function build(): string {
  const files = readdirSync(SOURCES).filter((file) => /\.[ch]$/.test(file))
  const paths = files.sort().map((file) => join(SOURCES, file))
  const hash = createHash('sha256').update(COMPILER.join(' '))
  for (const path of paths) hash.update(readFileSync(path))
  const program = join(CACHE, `libvirt-oracle-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(program)) return program
  mkdirSync(CACHE, { recursive: true })
  const unfinished = `${program}.${process.pid}-${threadId}`
  const code = paths.filter((path) => path.endsWith('.c'))
  execFileSync(PACKAGES.gcc, [...COMPILER, '-o', unfinished, ...code, LIBRARY, '-ldl'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  renameSync(unfinished, program)
  return program
}
