import { type Bucket, LEARN_LIMITS } from './learn-state.ts'

/** The bucket without one token; undefined while it is empty. A clock that is set back fills nothing. */
export function takeToken({ tokens, at }: Bucket, now: number): Bucket | undefined {
  const filled = (Math.max(0, now - at) * LEARN_LIMITS.framesPerSecond) / 1000
  const left = Math.min(LEARN_LIMITS.burst, tokens + filled) - 1
  return left < 0 ? undefined : { tokens: left, at: now }
}
