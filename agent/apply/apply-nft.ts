import { run } from '../exec/run.ts'

/** Undefined when the kernel took the transaction, else nft's own words. Nothing is half applied. */
export async function applyNft(text: string, enter: readonly string[]): Promise<string | undefined> {
  const result = await run(['nft', '-f', '-'], { enter, input: text })
  return result.status === 0 ? undefined : result.stderr.trim() || `nft ended with status ${result.status}`
}
