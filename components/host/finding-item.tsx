import { Badge, type Tone } from '../ui/badge.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

type Finding = {
  readonly name: string
  readonly severity: 'ok' | 'note' | 'warning' | 'error'
  readonly detail: string
  readonly remedy: string
}

const LOOKS: Readonly<Record<Finding['severity'], { readonly tone: Tone; readonly sign: string }>> = {
  ok: { tone: 'good', sign: '✓' },
  note: { tone: 'plain', sign: 'i' },
  warning: { tone: 'warn', sign: '!' },
  error: { tone: 'bad', sign: '✕' },
}

/** One finding: what was found, and what to do. */
export function FindingItem({ finding: { name, severity, detail, remedy } }: { finding: Finding }) {
  const { tone, sign } = LOOKS[severity]
  return (
    <li className="finding">
      <p>
        <Badge tone={tone} sign={sign}>
          {severity}
        </Badge>{' '}
        <b>{name}</b> {detail}
      </p>
      {remedy !== '' && (
        <div className="remedy">
          <code>{remedy}</code>
          <CopyButton text={remedy} what={`what to do about ${name}`} />
        </div>
      )}
    </li>
  )
}
