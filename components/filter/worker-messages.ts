/** The editor tells its worker the other filters once, then the text after each change. */
export type WorkerRequest =
  | { readonly kind: 'known'; readonly filters: readonly { readonly name: string; readonly xml: string }[] }
  | { readonly kind: 'diagnose'; readonly name: string; readonly text: string; readonly revision: number }

/** Lines and columns from 1; fixes by offsets of the text that was diagnosed. */
export type EditorProblem = {
  readonly severity: 'error' | 'warning' | 'info'
  readonly code: string
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly fixes: readonly {
    readonly title: string
    readonly start: number
    readonly end: number
    readonly text: string
  }[]
}

export type WorkerAnswer = { readonly revision: number; readonly problems: readonly EditorProblem[] }
