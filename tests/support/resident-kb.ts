import { readFileSync } from 'node:fs'

/** How much memory a process has at hand, in kB. proc(5), VmRSS. */
export function residentKb(pid: number): number {
  const [, kb = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb)
}
