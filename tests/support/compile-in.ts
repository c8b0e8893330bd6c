import {
  type Command,
  compileCommands,
  type Diagnostic,
  type DiagnosticCode,
  type Dialect,
  diagnoseParsed,
  type Filter,
  mergeDiagnostics,
  parseBinding,
  parseFilter,
} from '#engine'
import type { OracleCase } from './oracle.ts'

/** What a dialect makes of a case. */
type DialectOutcome = {
  /** Every finding about the filters by themselves and about the binding, each once. Sources are `filter:N`, from 0, and `binding`. */
  readonly diagnostics: readonly Diagnostic[]
  /** The codes of the errors among them. */
  readonly errors: readonly DiagnosticCode[]
  /** The text that the spans of a source are about. */
  readonly texts: ReadonlyMap<string, string>
  /** Undefined where the first filter or its binding is refused. */
  readonly commands: readonly Command[] | undefined
}

/** Compiles a case of the oracle in a dialect. Like the oracle it learns no address, unless the case says so itself. */
export function compileIn(dialect: Dialect, { filters: texts, variables }: OracleCase): DialectOutcome {
  const parsed = texts.map((text, at) => parseFilter(text, `filter:${at}`, dialect))
  const filters = new Map<string, Filter>()
  for (const { value } of parsed) if (value !== undefined && !filters.has(value.name)) filters.set(value.name, value)
  const found = parsed.flatMap((one) => diagnoseParsed(one, filters))
  const root = parsed[0]?.value
  const bindingText = bindingXml(root?.name ?? 'none', variables)
  const binding = parseBinding(bindingText, 'binding', dialect)
  found.push(...binding.diagnostics)
  const compiled =
    root === undefined || binding.value === undefined
      ? { value: undefined, diagnostics: [] }
      : compileCommands({ filters, binding: binding.value, dialect })
  const diagnostics = mergeDiagnostics([...found, ...compiled.diagnostics])
  const errors = diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []))
  const sources = [...texts.map((text, at) => [`filter:${at}`, text] as const), ['binding', bindingText] as const]
  return { diagnostics, errors, texts: new Map(sources), commands: compiled.value }
}

/**
 * The commands that append a rule to a chain of the port device, or the jump into a sub-chain, as lines that begin with the
 * tool: without what stands around them for every filter alike, and without the options that every call has. Spec 5.1, 5.3.
 */
export function ruleLines(commands: readonly Command[]): readonly string[] {
  return commands.flatMap((command) => {
    const at = command.indexOf('-A')
    if (at === -1 || /^(?:libvirt-(?:in|out|in-post|host-in)|PREROUTING|POSTROUTING)$/.test(command[at + 1] ?? ''))
      return []
    return [[command[0], ...command.slice(at)].join(' ')]
  })
}

function bindingXml(filter: string, variables: OracleCase['variables']): string {
  const learning = variables.some(([name]) => name === 'CTRL_IP_LEARNING')
    ? []
    : [['CTRL_IP_LEARNING', 'none'] as const]
  const parameters = [...variables, ...learning].map(([name, value]) => `<parameter name='${name}' value='${value}'/>`)
  const owner = `<owner><name>test</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner>`
  return `<filterbinding>${owner}<portdev name='vnet0'/><mac address='52:54:00:aa:bb:cc'/><filterref filter='${filter.replaceAll('&', '&amp;')}'>${parameters.join('')}</filterref></filterbinding>`
}
