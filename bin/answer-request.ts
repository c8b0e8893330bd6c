import {
  type Command,
  compileBinding,
  type Diagnostic,
  type Dialect,
  encodeFilter,
  explainRefused,
  hasErrors,
  type KnownShapes,
  mergeDiagnostics,
  openWorkspace,
  parseFilter,
  positionsIn,
  printCommands,
  printLearning,
  printScript,
  printText,
  printWords,
  type ReadText,
  readText,
  report,
  uuidFromName,
  type Workspace,
} from '#engine'
import { compileHostNftables } from './compile-host-nftables.ts'
import { diagnosticToJson } from './print-diagnostics.ts'
import { type BatchRequest, readRequest } from './read-request.ts'
import { builtinText, parsedBuiltins } from './read-sources.ts'

type Backend = 'ebiptables' | 'nftables'

const NOWHERE = { start: 0, end: 0 }

/** One request line of the batch → its answer, an object to be printed as JSON. Never throws for bad input. */
export function answerRequest(line: string): object {
  const request = readRequest(line)
  if (typeof request === 'string') return refuse(null, report('NWF100', 'request', NOWHERE, request))
  const { id, backend, dialect } = request
  if (backend !== undefined && backend !== 'ebiptables' && backend !== 'nftables')
    return refuse(id, report('NWF138', 'request', NOWHERE, 'backend is ebiptables or nftables.'))
  if (dialect !== undefined && dialect !== 'libvirt' && dialect !== 'strict')
    return refuse(id, report('NWF138', 'request', NOWHERE, 'dialect is libvirt or strict.'))
  if (request.networks.length > 0)
    return refuse(id, report('NWF138', 'request', NOWHERE, 'This version does not compile networks.'))
  return compileRequest(request, backend ?? 'ebiptables', dialect ?? 'libvirt')
}

function compileRequest(request: BatchRequest, backend: Backend, dialect: Dialect): object {
  const given = request.filters.map((text, at) => readNamed(text, 'filter', at, dialect))
  const bindings = request.bindings.map((text, at) => readNamed(text, 'filterbinding', at, dialect))
  const workspace = openWorkspace([...given, ...bindings], request.builtin ? parsedBuiltins(dialect) : new Map())
  const { commands, script, diagnostics } =
    backend === 'nftables' ? compileForNftables(workspace, dialect) : compileAll(workspace, dialect)
  const ok = !hasErrors(diagnostics)
  const positions = new Map(workspace.texts.map(({ source, text }) => [source, positionsIn(text)]))
  return {
    id: request.id,
    ok,
    diagnostics: diagnostics.map((diagnostic) =>
      diagnosticToJson(diagnostic, positions.get(diagnostic.source) ?? positionsIn(builtinText(diagnostic.source))),
    ),
    commands: ok ? commands : [],
    script: ok ? script : '',
    canonical: given.map((text) => canonicalOf(text, dialect)),
  }
}

function compileAll(workspace: Workspace, dialect: Dialect) {
  const { filters } = workspace
  const known: KnownShapes = new Map()
  const commands: Command[] = []
  const found: Diagnostic[] = []
  let script = ''
  for (const binding of workspace.bindings) {
    const { value, learning, diagnostics } = compileBinding({ filters, binding, dialect }, known)
    found.push(...diagnostics)
    const installed = value === undefined ? learning && printLearning(binding, learning) : printCommands(value.ruleset)
    for (const command of installed ?? []) commands.push(command)
    script += value === undefined ? printWords(installed ?? []) : printText(value.ruleset)
  }
  const diagnostics = mergeDiagnostics([...workspace.diagnostics, ...explainRefused(found, workspace)])
  return { commands, script, diagnostics }
}

function compileForNftables(workspace: Workspace, dialect: Dialect) {
  const { ruleset, found } = compileHostNftables(workspace, dialect)
  const diagnostics = mergeDiagnostics([...workspace.diagnostics, ...explainRefused(found, workspace)])
  return { commands: [], script: printScript(ruleset), diagnostics }
}

/** What dumpxml prints; what only strict takes is printed as strict reads it. */
function canonicalOf({ text, source, filter }: ReadText, dialect: Dialect): string | null {
  const read = dialect === 'libvirt' ? filter : (parseFilter(text, source).value ?? filter)
  return read === undefined ? null : encodeFilter({ ...read, uuid: read.uuid ?? uuidFromName(read.name) })
}

/** A filter's diagnostics are about `filter:NAME`; one without a readable name is counted. */
function readNamed(text: string, expected: 'filter' | 'filterbinding', at: number, dialect: Dialect): ReadText {
  const prefix = expected === 'filter' ? 'filter' : 'binding'
  return readText(text, { dialect, expected, sourceOf: (_, name) => `${prefix}:${name ?? `#${at + 1}`}` })
}

function refuse(id: unknown, diagnostic: Diagnostic): object {
  const told = diagnosticToJson(diagnostic, () => ({ line: 1, column: 1 }))
  return { id, ok: false, diagnostics: [told], commands: [], script: '', canonical: [] }
}
