const SIGNS = [
  { word: 'Gone', sign: '−', tone: 'bad' },
  { word: 'New', sign: '+', tone: 'good' },
] as const

/** The first differences in the agent's words: what is gone, and what is new. */
export function DriftDifferences({ differences }: { differences: readonly string[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="differences" aria-label="Differences" tabIndex={0}>
      <ul>
        {differences.map((difference) => {
          const kind = SIGNS.find(({ word }) => difference.startsWith(word))
          return (
            <li key={difference} data-tone={kind?.tone}>
              <span aria-hidden="true">{kind?.sign ?? '≠'}</span>
              <span>{difference}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
