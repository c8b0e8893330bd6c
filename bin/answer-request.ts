import {
  compileCommands,
  type Diagnostic,
  encodeFilter,
  type Filter,
  hasErrors,
  positionAt,
  referenceLoops,
  report,
  uuidFromName,
} from '#engine'
import { printShellWords } from './print-shell-words.ts'
import { type Input, readInput } from './read-inputs.ts'
import { builtinText, parsedBuiltins } from './read-sources.ts'

type Request = {
  readonly id: unknown
  readonly filters: readonly string[]
  readonly bindings: readonly string[]
  readonly networks: readonly string[]
  readonly backend: unknown
  readonly dialect: unknown
  readonly builtin: boolean
}

const NOWHERE = { start: 0, end: 0 }

/** One request line of the batch → its answer, an object to be printed as JSON. Never throws for bad input. */
export function answerRequest(line: string): object {
  const request = readRequest(line)
  if (typeof request === 'string') return refuse(null, report('NWF100', 'request', NOWHERE, request))
  const { id, backend, dialect } = request
  if (backend !== undefined && backend !== 'ebiptables')
    return refuse(id, report('NWF138', 'request', NOWHERE, 'This version compiles for the backend ebiptables.'))
  if (dialect !== undefined && dialect !== 'libvirt' && dialect !== 'strict')
    return refuse(id, report('NWF138', 'request', NOWHERE, 'dialect is libvirt or strict.'))
  if (request.networks.length > 0)
    return refuse(id, report('NWF138', 'request', NOWHERE, 'This version does not compile networks.'))
  return compileRequest(request, dialect ?? 'libvirt')
}

function compileRequest(request: Request, dialect: 'libvirt' | 'strict'): object {
  const given = request.filters.map((text, at) => readNamed(text, 'filter', at))
  const bindings = request.bindings.map((text, at) => readNamed(text, 'binding', at))
  const filters = new Map<string, Filter>(request.builtin ? parsedBuiltins() : [])
  for (const { filter } of given) if (filter !== undefined) filters.set(filter.name, filter)
  const diagnostics: Diagnostic[] = [...given, ...bindings].flatMap((input) => input.diagnostics)
  for (const { filter } of given) if (filter !== undefined) diagnostics.push(...referenceLoops(filter, filters))
  const commands = bindings.flatMap(({ binding }) => {
    if (binding === undefined) return []
    const compiled = compileCommands({ filters, binding, dialect })
    diagnostics.push(...compiled.diagnostics.filter((found) => !isTold(diagnostics, found)))
    return compiled.value ?? []
  })
  const ok = !hasErrors(diagnostics)
  const texts = new Map([...given, ...bindings].map(({ source, text }) => [source, text]))
  return {
    id: request.id,
    ok,
    diagnostics: diagnostics.map((diagnostic) =>
      toJson(diagnostic, texts.get(diagnostic.source) ?? builtinText(diagnostic.source)),
    ),
    commands: ok ? commands : [],
    script: ok ? printShellWords(commands) : '',
    canonical: given.map(({ filter }) =>
      filter === undefined ? null : encodeFilter({ ...filter, uuid: filter.uuid ?? uuidFromName(filter.name) }),
    ),
  }
}

/** A filter's diagnostics are about `filter:NAME`; one without a readable name is counted. */
function readNamed(text: string, kind: 'filter' | 'binding', at: number): Input {
  const first = readInput(text, `${kind}:#${at + 1}`)
  const name = first.filter?.name ?? first.binding?.portDevice
  return name === undefined ? first : readInput(text, `${kind}:${name}`)
}

function isTold(told: readonly Diagnostic[], { code, source, span }: Diagnostic): boolean {
  return told.some((other) => other.code === code && other.source === source && other.span.start === span.start)
}

function refuse(id: unknown, diagnostic: Diagnostic): object {
  return { id, ok: false, diagnostics: [toJson(diagnostic, '')], commands: [], script: '', canonical: [] }
}

function toJson({ severity, code, message, source, span }: Diagnostic, text: string): object {
  const start = positionAt(text, span.start)
  const end = positionAt(text, span.end)
  return {
    severity,
    code,
    message,
    source,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}

function readRequest(line: string): Request | string {
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
