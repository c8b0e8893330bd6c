const SIGNS: Readonly<Record<string, readonly [tone: string, sign: string]>> = {
  ACCEPT: ['good', '✓'],
  DROP: ['bad', '✕'],
  REJECT: ['bad', '⊘'],
  RETURN: ['plain', '↩'],
  CONTINUE: ['plain', '→'],
}

/** What a rule does, by sign and word. */
export function Verdict({ target, isJump }: { target: string; isJump: boolean }) {
  const [tone, sign] = SIGNS[target.toUpperCase()] ?? ['plain', '→']
  return (
    <span className="verdict" data-tone={isJump ? 'plain' : tone}>
      <span aria-hidden="true">{isJump ? '→' : sign}</span>
      {isJump ? `to ${target}` : target}
    </span>
  )
}
