import { readFileSync } from 'node:fs'
import { PROGRAMS } from './programs.ts'

/** capabilities(7), by number. */
const NUMBERS = {
  setgid: 6,
  setuid: 7,
  net_admin: 12,
  net_raw: 13,
  sys_chroot: 18,
  sys_ptrace: 19,
  sys_admin: 21,
} as const
export type Capability = keyof typeof NUMBERS

/** The bits of the bounding set in what /proc/PID/status says, as a number. */
function boundingSet(): bigint {
  const [, bits = '0'] = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return BigInt(`0x${bits}`)
}

/**
 * Makes this process one that can never have other capabilities than these, nor its children: it becomes itself anew under
 * setpriv(1), with the same number. Returns when there is nothing to drop, and for an ordinary user, who has none.
 */
export function dropCapabilities(kept: readonly Capability[]): void {
  if (process.getuid?.() !== 0) return
  const wanted = kept.reduce((bits, name) => bits | (1n << BigInt(NUMBERS[name])), 0n)
  if ((boundingSet() & ~wanted) === 0n) return
  const args = [
    PROGRAMS.setpriv,
    '--no-new-privs',
    `--bounding-set=-all,${kept.map((name) => `+${name}`).join(',')}`,
    '--inh-caps=-all',
    '--',
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]
  if (process.execve === undefined) throw new Error('this Node cannot become another program: 24 or later is needed')
  process.execve(PROGRAMS.setpriv, args, process.env)
}
