import {
  type Compiled,
  compileBinding,
  type Dialect,
  type Filter,
  modelOfEbiptables,
  modelOfRules,
  type Places,
  parseFilter,
  type TraceFrame,
  type TraceVerdict,
  traceFrames,
} from '#engine'
import { bindingOf } from './compile-like-oracle.ts'

/** Texts of filters; the first is that of the guest. A text that begins with a rule becomes a filter of its own. */
export type TraceCase = {
  readonly filters: readonly string[]
  readonly dialect?: Dialect
  readonly parameters?: Readonly<Record<string, readonly string[]>>
}

/** Rules are named by their filter and their number in it. */
const PLACES: Places = {
  lineOf: ({ entry }) => entry + 1,
  textOf: ({ filter, entry }) => `${filter} ${entry + 1}`,
}

/** A filter of these rules. */
export function filterXml(rules: string, name = 'f', header = ''): string {
  return `<filter name='${name}' ${header}>${rules}</filter>`
}

function readCase({ filters: texts, dialect = 'libvirt', parameters = {} }: TraceCase) {
  const filters = new Map<string, Filter>()
  for (const [at, text] of texts.entries()) {
    const { value, diagnostics } = parseFilter(
      text.startsWith('<rule') ? filterXml(text) : text,
      `filter:${at}`,
      dialect,
    )
    if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
    filters.set(value.name, value)
  }
  const root = filters.keys().next().value ?? ''
  const known = new Map([['CTRL_IP_LEARNING', ['none']], ...Object.entries(parameters)])
  return { filters, binding: { ...bindingOf(root, known, 'vnet0'), mac: '52:54:00:00:00:10' }, dialect }
}

/** Compiles a case. */
function compileCase(one: TraceCase): Compiled {
  const { value, diagnostics } = compileBinding(readCase(one))
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return value
}

/** What happens to frames over the rules; the arguments of ebtables and iptables have to say the same. */
export function traceOver(one: TraceCase | string, frames: readonly TraceFrame[]): readonly TraceVerdict[] {
  const compiled = compileCase(typeof one === 'string' ? { filters: [one] } : one)
  const verdicts = traceFrames(modelOfRules([compiled], PLACES), frames)
  const others = traceFrames(modelOfEbiptables([compiled.ruleset], PLACES), frames)
  for (const [at, { verdict, by }] of others.entries()) {
    const known = verdicts[at]
    if (known?.verdict !== verdict || JSON.stringify(known.by) !== JSON.stringify(by))
      throw new Error(`frame ${at}: ${JSON.stringify(known)} over rules, ${JSON.stringify(others[at])} over ebiptables`)
  }
  return verdicts
}

/** Only the verdicts. */
export function verdictsOver(one: TraceCase | string, ...frames: readonly TraceFrame[]): readonly string[] {
  return traceOver(one, frames).map(({ verdict }) => verdict)
}

/** The states that connection tracking gave packets, in order: `NEW original`. */
export function statesOf(verdicts: readonly TraceVerdict[]): readonly string[] {
  return verdicts.map(({ steps }) => {
    const [state] = steps.flatMap((step) => {
      const found = step.kind === 'note' ? /^Connection state (\w+)(?:, direction (\w+))?\.$/.exec(step.text) : null
      return found === null ? [] : [[found[1], found[2]].filter(Boolean).join(' ')]
    })
    return state ?? 'none'
  })
}
