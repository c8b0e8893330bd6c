import { formatAge, formatTime } from './format-time.ts'

/** How long ago something was, with the exact time in its title. */
export function Ago({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={formatTime(at)}>
      {formatAge(at, now)} ago
    </time>
  )
}
