import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { answerTrace } from './answer-trace.ts'

/** Answers one JSON line for each line read, in order, until the input ends. */
export async function traceBatch(input: Readable, output: Writable): Promise<0> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    if (!output.write(`${JSON.stringify(answerTrace(line))}\n`))
      await new Promise((resolve) => output.once('drain', resolve))
  }
  return 0
}
