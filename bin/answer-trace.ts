import {
  type Diagnostic,
  type Dialect,
  hasErrors,
  openWorkspace,
  positionsIn,
  readText,
  report,
  traceFrames,
} from '#engine'
import { diagnosticToJson } from './print-diagnostics.ts'
import { builtinText, parsedBuiltins } from './read-sources.ts'
import { readTraceRequest, type TraceRequest } from './read-trace-request.ts'
import { MODELS, makeModel } from './trace-models.ts'

const NOWHERE = { start: 0, end: 0 }

/** One request line of `trace --jsonl` → its answer, an object to be printed as JSON. Never throws for bad input. */
export function answerTrace(line: string): object {
  const request = readTraceRequest(line)
  if ('why' in request) return refuse(request.id, request.why)
  const { id, dialect = 'libvirt', over = 'rules' } = request
  if (dialect !== 'libvirt' && dialect !== 'strict') return refuse(id, 'dialect is libvirt or strict.')
  const model = MODELS.find((known) => known === over)
  return model === undefined ? refuse(id, `over is one of ${MODELS.join(', ')}.`) : trace(request, model, dialect)
}

function trace(
  { id, filters, bindings, builtin, frames }: TraceRequest,
  over: (typeof MODELS)[number],
  dialect: Dialect,
) {
  const read = (texts: readonly string[], expected: 'filter' | 'filterbinding', prefix: string) =>
    texts.map((text, at) =>
      readText(text, { dialect, expected, sourceOf: (_, name) => `${prefix}:${name ?? `#${at + 1}`}` }),
    )
  const texts = [...read(filters, 'filter', 'filter'), ...read(bindings, 'filterbinding', 'binding')]
  const workspace = openWorkspace(texts, builtin ? parsedBuiltins(dialect) : new Map())
  const { model, diagnostics } = makeModel(workspace, over, dialect)
  const ok = !hasErrors(diagnostics)
  const positions = new Map(texts.map(({ source, text }) => [source, positionsIn(text)]))
  const told = diagnostics.map((diagnostic) =>
    diagnosticToJson(diagnostic, positions.get(diagnostic.source) ?? positionsIn(builtinText(diagnostic.source))),
  )
  return { id, ok, diagnostics: told, verdicts: ok ? traceFrames(model, frames) : [] }
}

function refuse(id: unknown, message: string): object {
  const diagnostic: Diagnostic = report('NWF138', 'request', NOWHERE, message)
  const told = diagnosticToJson(diagnostic, () => ({ line: 1, column: 1 }))
  return { id, ok: false, diagnostics: [told], verdicts: [] }
}
