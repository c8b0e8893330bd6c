import { run } from '../exec/run.ts'

/** Undefined when the kernel took the transaction, else the tool's own words. Nothing is half applied. */
export async function applyEbtables(text: string, enter: readonly string[]): Promise<string | undefined> {
  const result = await run(['ebtables-restore', '--noflush'], { enter, input: text })
  return result.status === 0 ? undefined : result.stderr.trim() || `ebtables-restore ended with status ${result.status}`
}
