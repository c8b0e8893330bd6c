import type { NicState } from '../../server/api/host-view.ts'
import { Badge, type Tone } from '../ui/badge.tsx'

const WORDS: Readonly<
  Record<NicState, { readonly tone: Tone; readonly sign: string; readonly word: string; readonly title: string }>
> = {
  applied: { tone: 'good', sign: '✓', word: 'Applied', title: 'The kernel holds what is desired' },
  pending: {
    tone: 'accent',
    sign: '→',
    word: 'Not applied',
    title: 'Something else is desired than what was applied last',
  },
  drifted: { tone: 'bad', sign: '≠', word: 'Drifted', title: 'The kernel does not hold what was applied last' },
  broken: { tone: 'bad', sign: '✕', word: 'Broken', title: 'What was asked for last cannot be compiled' },
  unfiltered: { tone: 'warn', sign: '!', word: 'No filter', title: 'All traffic passes' },
  unknown: { tone: 'plain', sign: '?', word: 'Unknown', title: 'No agent tells' },
}

/** The state word of a NIC, the same on every screen. */
export function NicStateBadge({ state }: { state: NicState }) {
  const { tone, sign, word, title } = WORDS[state]
  return (
    <Badge tone={tone} sign={sign} title={title}>
      {word}
    </Badge>
  )
}
