/** One line of `compile --jsonl`. */
export type BatchRequest = {
  readonly id: unknown
  readonly filters: readonly string[]
  readonly bindings: readonly string[]
  readonly networks: readonly string[]
  readonly backend: unknown
  readonly dialect: unknown
  readonly builtin: boolean
}

/** Reads a request line; a text says what is wrong with it. */
export function readRequest(line: string): BatchRequest | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (error) {
    return `The line is no JSON: ${error instanceof Error ? error.message : 'unreadable'}`
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'The line is no JSON object.'
  const {
    id = null,
    filters = [],
    bindings = [],
    networks = [],
    backend,
    dialect,
    builtin = true,
  } = parsed as Record<string, unknown>
  if (!isTexts(filters) || !isTexts(bindings) || !isTexts(networks))
    return 'filters, bindings and networks are lists of texts.'
  return { id, filters, bindings, networks, backend, dialect, builtin: builtin !== false }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
