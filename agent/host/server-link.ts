/** A console that starts again is gone for a moment: that is not worth telling. */
const GONE_AFTER_MS = 5000

/** Tells when the first listener comes and when none has been there for a while. */
export function serverLink(tell: (isUp: boolean) => void): {
  readonly came: () => void
  readonly went: () => void
  readonly close: () => void
} {
  let listeners = 0
  let isUp = false
  let timer: NodeJS.Timeout | undefined
  return {
    came: () => {
      listeners += 1
      clearTimeout(timer)
      if (!isUp) tell(true)
      isUp = true
    },
    went: () => {
      listeners -= 1
      if (listeners > 0) return
      timer = setTimeout(() => {
        isUp = false
        tell(false)
      }, GONE_AFTER_MS)
      timer.unref()
    },
    close: () => clearTimeout(timer),
  }
}
