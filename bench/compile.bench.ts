import { builtinFilters, compileCommands, type Filter, parseBinding, parseFilter } from '#engine'
import { askOracle, oracleMissing } from '../tests/support/oracle.ts'
import { type Bench, compared, time } from './bench.ts'

const ROUNDS = 400
const ORACLE_CASES = 200
const BINDING = `<filterbinding><owner><name>g</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner><portdev name='vnet0'/><mac address='52:54:00:00:00:10'/><filterref filter='clean-traffic'><parameter name='IP' value='192.0.2.10'/></filterref></filterbinding>`

/** How fast clean-traffic, with all it references, becomes commands: text in, commands out. */
export const run: Bench = async (print) => {
  for (let warm = 0; warm < 50; warm += 1) compileOnce()
  const ours = (await time(() => repeat(ROUNDS, compileOnce))) / ROUNDS
  const parsing = (await time(() => repeat(ROUNDS, parseAll))) / ROUNDS
  print(compared('clean-traffic, text to commands', ours, 'ms', 'of it parsing 24 filters', parsing))
  if (oracleMissing !== undefined) {
    console.error(`skipped: the comparison with libvirt, because ${oracleMissing}`)
    return
  }
  const texts = builtinFilters.map(({ xml }) => xml)
  const first = builtinFilters.findIndex(({ name }) => name === 'clean-traffic')
  const filters = [texts[first] ?? '', ...texts.filter((_, at) => at !== first)]
  const one = {
    filters,
    variables: [
      ['MAC', '52:54:00:00:00:10'],
      ['IP', '192.0.2.10'],
    ] as const,
  }
  askOracle([one])
  const theirs = (await time(() => askOracle(Array.from({ length: ORACLE_CASES }, () => one)))) / ORACLE_CASES
  print(compared('clean-traffic, text to commands', ours, 'ms', `libvirt in dry-run, ${theirs.toFixed(2)} ms`, theirs))
}

function repeat(times: number, work: () => unknown): void {
  for (let at = 0; at < times; at += 1) work()
}

function parseAll(): Map<string, Filter> {
  const filters = new Map<string, Filter>()
  for (const { name, xml } of builtinFilters) {
    const { value } = parseFilter(xml, name)
    if (value !== undefined) filters.set(name, value)
  }
  return filters
}

function compileOnce(): number {
  const binding = parseBinding(BINDING, 'binding').value
  if (binding === undefined) throw new Error('the binding cannot be read')
  return compileCommands({ filters: parseAll(), binding, dialect: 'libvirt' }).value?.length ?? 0
}
