import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StageResult } from './compile-stage.ts'

/** Prints the results, or writes each into a file of the folder `out`. */
export function writeResults(
  results: readonly StageResult[],
  { json, out }: { readonly json: boolean; readonly out: string | undefined },
): void {
  if (out !== undefined) mkdirSync(out, { recursive: true })
  for (const { name, value } of results) {
    const text = typeof value === 'string' && !json ? value : `${JSON.stringify(value, replaceMaps, json ? 0 : 2)}\n`
    if (out === undefined) process.stdout.write(text)
    // A name is a filter's or a device's and may hold anything: only letters that are safe in a file name stay.
    else
      writeFileSync(join(out, `${name.replace(/[^\w.:-]/g, '_')}.${typeof value === 'string' ? 'txt' : 'json'}`), text)
  }
}

function replaceMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}
