import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../agent/lab/lab.ts'
import { runTool } from '../tests/support/run-tool.ts'

const SOURCE = join(import.meta.dirname, 'udp-rate/udp-rate.c')
const PROGRAM = join(import.meta.dirname, '../.cache/udp-rate')
const SECONDS = '1.5'

/** Why packets cannot be counted on this machine; undefined when they can. */
export function whyNoRate(): string | undefined {
  if (process.getuid?.() !== 0) return 'the namespaces of several labs are entered at once, which only root can do'
  return existsSync('/usr/bin/gcc')
    ? undefined
    : "Debian's gcc is not installed, which the program that sends is built with"
}

/**
 * UDP packets a second from the guest behind vnet0 to the outside, through the bridge of each lab. All labs send in turns of 64
 * packets, so that one rate can be divided by another.
 */
export function packetRates(labs: readonly Lab[]): readonly number[] {
  build()
  const ways = labs.flatMap(({ pid }) => ['vnet0', 'outside'].map((name) => `/proc/${pid}/root/run/netns/${name}`))
  const { status, stdout, stderr } = runTool([PROGRAM, '192.0.2.1', SECONDS, ...ways])
  if (status !== 0) throw new Error(stderr)
  return stdout.trim().split('\n').map(Number)
}

function build(): void {
  if (existsSync(PROGRAM) && statSync(PROGRAM).mtimeMs > statSync(SOURCE).mtimeMs) return
  mkdirSync(join(PROGRAM, '..'), { recursive: true })
  execFileSync('/usr/bin/gcc', ['-std=gnu11', '-O2', '-o', PROGRAM, SOURCE])
}
