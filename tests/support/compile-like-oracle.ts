import { type Binding, compileCommands, encodeFilter, type Filter, type Parameters, parseFilter } from '#engine'
import type { OracleAnswer, OracleCase } from './oracle.ts'
import { orderSubChains } from './order-sub-chains.ts'
import { splitCommand } from './split-command.ts'

const NOWHERE = { start: 0, end: 0 }

/** What an answer is compared by: canonical texts without UUID, whether it can be installed, and the commands. */
export type Outcome = {
  readonly canonical: readonly (string | undefined)[]
  readonly ok: boolean
  readonly commands: readonly string[]
}

/** Compiles a case of the oracle with our engine. The oracle does not learn addresses, so a missing `IP` is refused here too. */
export function compileLikeOracle({ filters: texts, variables, portDevice = 'vnet0' }: OracleCase): Outcome {
  const parsed = texts.map((text, at) => parseFilter(text, `filter:#${at}`).value)
  const filters = new Map<string, Filter>()
  for (const filter of parsed) if (filter !== undefined && !filters.has(filter.name)) filters.set(filter.name, filter)
  const parameters = new Map<string, string[]>()
  for (const [name, value] of [...variables, ['CTRL_IP_LEARNING', 'none'] as const])
    parameters.set(name, [...(parameters.get(name) ?? []), value])
  const canonical = parsed.map((filter) => filter && withoutUuid(encodeFilter(filter)))
  const root = parsed[0]
  if (root === undefined) return { canonical, ok: false, commands: [] }
  const compiled = compileCommands({
    filters,
    binding: bindingOf(root.name, parameters, portDevice),
    dialect: 'libvirt',
  })
  return {
    canonical,
    ok: compiled.value !== undefined,
    commands: (compiled.value ?? []).map((command) => command.join('\u0001')),
  }
}

/** The oracle's answer in the same form; commands of a refused case do not count. */
export function readOracleAnswer({ canonical, ok, commands, priorities }: OracleAnswer): Outcome {
  const words = ok ? orderSubChains(commands, priorities).map((line) => splitCommand(line).join('\u0001')) : []
  return { canonical: canonical.map((text) => text && withoutUuid(text)), ok, commands: words }
}

function withoutUuid(text: string): string {
  return text.replace(/^ {2}<uuid>[0-9a-f-]{36}<\/uuid>\n/m, '')
}

export function bindingOf(filter: string, parameters: Parameters, portDevice: string): Binding {
  const owner = { name: 'test', uuid: 'd54df46f-1ab5-4a22-8618-4560ef5fac2c' }
  return {
    kind: 'binding',
    portDevice,
    linkDevice: undefined,
    owner,
    mac: '52:54:00:aa:bb:cc',
    filter,
    filterSpan: NOWHERE,
    parameters,
    source: `binding:${portDevice}`,
  }
}
