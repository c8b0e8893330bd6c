/** A repeatable source of randomness (mulberry32). The seed of a run is printed, SLUICE_SEED repeats it. */
export function makeRandom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  const pick = <T>(list: readonly T[]): T => {
    const item = list[below(list.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  return { next, below, pick, chance: (probability: number) => next() < probability }
}

export type Random = ReturnType<typeof makeRandom>

/** The seed of this run: SLUICE_SEED, else what is given, else the time. */
export function seedOfRun(usual = Date.now() % 2 ** 31): number {
  return Number(process.env.SLUICE_SEED ?? usual)
}
