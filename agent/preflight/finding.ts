/** `note`: good to know, nothing is lost. `warning`: something does not work, or may be judged by others. `error`: no rule can work. */
export type Severity = 'ok' | 'note' | 'warning' | 'error'

/**
 * One thing a host or a NIC needs. `detail` says what was found, or what follows from its lack; `remedy` what to do, a command where there is
 * one (empty when ok). `ok` is `severity === 'ok'`.
 */
export type Finding = {
  readonly name: string
  readonly ok: boolean
  readonly severity: Severity
  readonly detail: string
  readonly remedy: string
  /** The NIC that it is about; the host without. */
  readonly portDevice?: string
}

export function fine(name: string, detail: string): Finding {
  return { name, ok: true, severity: 'ok', detail, remedy: '' }
}

export function lack(name: string, severity: Exclude<Severity, 'ok'>, detail: string, remedy: string): Finding {
  return { name, ok: false, severity, detail, remedy }
}
