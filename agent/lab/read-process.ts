import { readFileSync } from 'node:fs'

/** `startTime` counts clock ticks since boot and tells a process from a later one with the same pid. proc(5), /proc/pid/stat. */
export type ProcessFacts = { readonly command: string; readonly state: string; readonly startTime: string }

/** What the kernel says about a process; undefined when there is none. */
export function readProcess(pid: number): ProcessFacts | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined
    throw error
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {
    command: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
    state: fields[0] ?? '',
    startTime: fields[19] ?? '',
  }
}
