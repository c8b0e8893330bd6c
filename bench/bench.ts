/** One measured thing. `ratio` is value divided by what `against` names, measured in the same run or a budget. */
export type Result = {
  readonly metric: string
  readonly value: number
  readonly unit: string
  readonly against: string
  readonly ratio: number
}

/** What a file `NAME.bench.ts` exports as `run`. */
export type Bench = (print: (result: Result) => void) => Promise<void>

/** A measured value beside what it is compared with; rounded so that a line stays readable. */
export function compared(metric: string, value: number, unit: string, against: string, other: number): Result {
  return { metric, value: round(value), unit, against, ratio: round(value / other) }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Milliseconds that the work takes. */
export async function time(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
