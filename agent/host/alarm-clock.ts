/** The longest time that a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1

/** Wakes once when a time has come. The time is asked for anew at each `set`, and passes by the clock on the wall. */
export function alarmClock(
  due: () => number | undefined,
  wake: () => void,
): {
  readonly set: () => void
  /** Not before so many milliseconds have passed, whatever is due. */
  readonly snooze: (ms: number) => void
  readonly close: () => void
} {
  let timer: NodeJS.Timeout | undefined
  const wait = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST_MS))
  }
  return {
    set: () => {
      clearTimeout(timer)
      const at = due()
      if (at !== undefined) wait(at - Date.now())
    },
    snooze: wait,
    close: () => clearTimeout(timer),
  }
}
