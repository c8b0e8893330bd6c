import {
  type Diagnosis,
  type Diagnostic,
  diagnoseEdited,
  type Filter,
  type Position,
  parseFilter,
  positionsIn,
} from '#engine'
import type { EditorProblem, WorkerAnswer, WorkerRequest } from './worker-messages.ts'

let others: ReadonlyMap<string, Filter> = new Map()
/** What was found last: an edit inside one rule reads that rule alone. */
let last: Diagnosis | undefined

self.onmessage = ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.kind === 'known') {
    const parsed = data.filters.flatMap(({ name, xml }) => parseFilter(xml, `filter:${name}`).value ?? [])
    others = new Map(parsed.map((filter) => [filter.name, filter]))
    return
  }
  const positionOf = positionsIn(data.text)
  last = diagnoseEdited({ text: data.text, source: `filter:${data.name}`, others, dialect: 'libvirt' }, last)
  const problems = last.diagnostics.map((diagnostic) => toProblem(diagnostic, positionOf))
  const answer: WorkerAnswer = { revision: data.revision, problems }
  self.postMessage(answer)
}

function toProblem(
  { severity, code, message, span, fixes }: Diagnostic,
  positionOf: (offset: number) => Position,
): EditorProblem {
  const start = positionOf(span.start)
  const end = positionOf(span.end)
  const range = { line: start.line, column: start.column, endLine: end.line, endColumn: end.column }
  return {
    severity,
    code,
    message,
    ...range,
    fixes: fixes.map(({ title, span: place, text: replacement }) => ({
      title,
      start: place.start,
      end: place.end,
      text: replacement,
    })),
  }
}
