/** So many requests may come at once, and so many each second. */
export type Rate = { readonly burst: number; readonly perSecond: number }

/** Whether one request more may come now. `now` is in milliseconds, and only goes forward. */
export function tokenBucket({ burst, perSecond }: Rate): (now: number) => boolean {
  let tokens = burst
  let last: number | undefined
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - (last ?? now)) * perSecond) / 1000)
    last = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
