import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../agent/exec/run.ts'

const SOURCE = join(import.meta.dirname, 'udp-rate/udp-rate.c')
const PROGRAM = join(import.meta.dirname, '../.cache/udp-rate')
const SECONDS = '0.4'

/** Why packets cannot be counted on this machine; undefined when they can. */
export function whyNoRate(): string | undefined {
  return existsSync('/usr/bin/gcc')
    ? undefined
    : "Debian's gcc is not installed, which the program that sends is built with"
}

/** UDP packets a second from the guest behind vnet0 to the outside, through the bridge of a lab. */
export async function packetRate(enter: readonly string[]): Promise<number> {
  if (!existsSync(PROGRAM)) {
    mkdirSync(join(PROGRAM, '..'), { recursive: true })
    execFileSync('/usr/bin/gcc', ['-std=gnu11', '-O2', '-o', PROGRAM, SOURCE])
  }
  const { status, stdout, stderr } = await run([PROGRAM, 'vnet0', 'outside', '192.0.2.1', SECONDS], { enter })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}
