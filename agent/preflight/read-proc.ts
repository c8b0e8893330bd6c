import { run } from '../exec/run.ts'

/**
 * What a file of /proc or /etc holds for the namespace that `enter` leads to, without the blanks around it; undefined where it is not there or may
 * not be read. Settings below /proc/sys/net are those of the process that reads.
 */
export async function readProc(path: string, enter: readonly string[]): Promise<string | undefined> {
  const { status, stdout } = await run(['cat', path], { enter, timeoutMs: 5000 })
  return status === 0 ? stdout.trim() : undefined
}
