import { Badge } from './badge.tsx'

/** How many problems something has, by their worst. */
export function ProblemBadge({
  problems,
}: {
  problems: readonly { readonly severity: string; readonly message: string }[]
}) {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.filter(({ severity }) => severity === 'warning').length
  const title = problems.map(({ message }) => message).join('\n')
  if (errors > 0)
    return <Badge tone="bad" sign="✕" title={title}>{`${errors} ${errors === 1 ? 'error' : 'errors'}`}</Badge>
  if (warnings > 0)
    return <Badge tone="warn" sign="!" title={title}>{`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}</Badge>
  if (problems.length > 0)
    return (
      <Badge
        tone="plain"
        sign="i"
        title={title}
      >{`${problems.length} ${problems.length === 1 ? 'note' : 'notes'}`}</Badge>
    )
  return <span className="muted">none</span>
}
