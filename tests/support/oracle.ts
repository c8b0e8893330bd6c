import { type Field, runOracle, whyOracleIsMissing } from './oracle-program.ts'

/** One filter or include tree to compare: the first text is instantiated, the others resolve its references. */
export type OracleCase = {
  readonly filters: readonly string[]
  readonly variables: readonly (readonly [name: string, value: string])[]
  readonly portDevice?: string
}
export type OracleAnswer = {
  /** Canonical text of each filter, undefined where libvirt refuses it. */
  readonly canonical: readonly (string | undefined)[]
  /** Why libvirt refuses a text, undefined where it does not. */
  readonly refusals: readonly (string | undefined)[]
  /** Priority by chain name, e.g. `J-vnet0-mac`. */
  readonly priorities: ReadonlyMap<string, number>
  /** As libvirt prints them, with single quotes around what a shell would interpret. */
  readonly commands: readonly string[]
  readonly ok: boolean
  readonly message: string
}

/** Something libvirt does to the port device as a whole, whatever its filter is. */
export type OracleOperation = {
  readonly name: 'tearNew' | 'tearOld' | 'allTeardown' | 'basic' | 'dhcp' | 'drop' | 'removeBasic'
  readonly portDevice: string
  readonly mac?: string
  /** The list `DHCPSERVER`. */
  readonly servers?: readonly string[]
}

/** A text that libvirt parsed and printed again, undefined where it refuses it, and its reason. */
export type OracleText = { readonly canonical: string | undefined; readonly message: string }

/** Why libvirt itself cannot be asked on this machine; undefined when it can. */
export const oracleMissing: string | undefined = whyOracleIsMissing()

/** Asks libvirt 9.0.0 itself what it would do to install each of these filters. */
export function askOracle(cases: readonly OracleCase[]): readonly OracleAnswer[] {
  const requests = cases.map(({ filters, variables, portDevice }): readonly Field[] => [
    ...filters.map((xml): Field => ['f', xml]),
    ...variables.map(([name, value]): Field => ['v', `${name}=${value}`]),
    ...(portDevice === undefined ? [] : [['d', portDevice] as const]),
  ])
  return runOracle(requests).map((answer, at) => readAnswer(answer, cases[at]?.filters.length ?? 0))
}

/** Asks libvirt which commands each of these operations runs. */
export function askOperations(
  operations: readonly OracleOperation[],
): readonly Pick<OracleAnswer, 'commands' | 'ok' | 'message'>[] {
  const requests = operations.map(({ name, portDevice, mac, servers = [] }): readonly Field[] => [
    ['o', name],
    ['d', portDevice],
    ...(mac === undefined ? [] : [['m', mac] as const]),
    ...servers.map((server): Field => ['v', `DHCPSERVER=${server}`]),
  ])
  return runOracle(requests).map((answer) => readAnswer(answer, 0))
}

/** Asks libvirt how it reads and prints each of these texts of a `<filterbinding>`. */
export function askBindings(texts: readonly string[]): readonly OracleText[] {
  return runOracle(texts.map((xml) => [['b', xml]])).map((answer) => ({
    canonical: answer.find(([kind]) => kind === 't')?.[1],
    message: verdictOf(answer).message,
  }))
}

function readAnswer(answer: readonly Field[], filterCount: number): OracleAnswer {
  const parsed = answer.filter(([kind]) => kind === 't' || kind === 'e')
  const texts = Array.from({ length: filterCount }, (_, at): Field => parsed[at] ?? ['e', 'no answer'])
  const priorities = textsOf(answer, 'p').map((text) => {
    const blank = text.lastIndexOf(' ')
    return [text.slice(0, blank), Number(text.slice(blank + 1))] as const
  })
  return {
    canonical: texts.map(([kind, text]) => (kind === 't' ? text : undefined)),
    refusals: texts.map(([kind, text]) => (kind === 'e' ? text : undefined)),
    priorities: new Map(priorities),
    commands: textsOf(answer, 'c'),
    ...verdictOf(answer),
  }
}

function textsOf(answer: readonly Field[], wanted: string): readonly string[] {
  return answer.flatMap(([kind, text]) => (kind === wanted ? [text] : []))
}

/** A crash of libvirt is a refusal with the name of the signal. */
function verdictOf(answer: readonly Field[]): { readonly ok: boolean; readonly message: string } {
  const crash = textsOf(answer, '!')[0]
  if (crash !== undefined) return { ok: false, message: `crash: ${crash}` }
  const result = textsOf(answer, 'r')[0]
  if (result === undefined) return { ok: false, message: textsOf(answer, 'e')[0] ?? '' }
  return { ok: result.startsWith('0 '), message: result.slice(result.indexOf(' ') + 1) }
}
