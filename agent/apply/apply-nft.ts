import { type ReadyProgram, readyProgram } from '../exec/ready-program.ts'

/** nft in the namespace of a host, started ahead of each change: its start is most of what a change takes. */
export function nftOf(enter: readonly string[]): ReadyProgram {
  return readyProgram(['nft', '-f', '-'], enter)
}

/** Undefined when the kernel took the transaction, else nft's own words. Nothing is half applied. */
export async function applyNft(text: string, nft: ReadyProgram): Promise<string | undefined> {
  const result = await nft.run(text)
  return result.status === 0 ? undefined : result.stderr.trim() || `nft ended with status ${result.status}`
}
