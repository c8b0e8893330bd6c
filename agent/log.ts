/** How bad it is, by the names of syslog(3). */
export type LogLevel = 'info' | 'warning' | 'error'

const NUMBERS: Readonly<Record<LogLevel, number>> = { error: 3, warning: 4, info: 6 }

/**
 * One line for people and for programs: `sluice agent: LEVEL WHAT key=value…: sentence`. Under systemd the level stands in front as the
 * journal reads it (sd-daemon(3)), so that `journalctl -p warning` finds it. A text cannot make a line of its own.
 */
export function log(
  level: LogLevel,
  what: string,
  { text, ...fields }: { readonly text: string } & Readonly<Record<string, string>>,
): void {
  const words = Object.entries(fields).map(([key, value]) => ` ${key}=${value}`)
  const prefix = process.env.JOURNAL_STREAM === undefined ? '' : `<${NUMBERS[level]}>`
  const line = `sluice agent: ${level} ${what}${words.join('')}: ${text}`.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim()
  console.error(prefix + line)
}

/** What went wrong, in words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
