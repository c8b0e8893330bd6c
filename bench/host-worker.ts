import { type Binding, builtinFilters, compileHost, type Filter, parseBinding, parseFilter } from '#engine'
import { compared, median, type Result, time } from './bench.ts'

const NICS = 10_000
const FEWER = 1000
const BUDGET = { firstMs: 1000, memoryMb: 400, secondMs: 20 }

const print = (result: Result) => process.stdout.write(`${JSON.stringify(result)}\n`)
const filters = new Map<string, Filter>(
  builtinFilters.flatMap(({ name, xml }) => {
    const { value } = parseFilter(xml, `filter:${name}`)
    return value === undefined ? [] : [[name, value] as const]
  }),
)
const bindings = Array.from({ length: NICS }, (_, at) => bindingOf(at))
const compile = (some: readonly Binding[]) => compileHost({ filters, bindings: some, dialect: 'libvirt' })

compile(bindings.slice(0, FEWER))
const fewer = median(await repeated(() => compile(bindings.slice(0, FEWER))))
let host = compile([])
const first = await time(() => {
  host = compile(bindings)
})
const megabytes = process.memoryUsage().rss / 1e6
print(compared(`clean-traffic for ${NICS} NICs, ebiptables text`, first, 'ms', 'budget 1000 ms', BUDGET.firstMs))
print(compared(`a NIC of ${NICS}`, (first / NICS) * 1000, 'µs', `a NIC of ${FEWER}`, (fewer / FEWER) * 1000))
print(compared(`memory with ${NICS} NICs, whole process`, megabytes, 'MB', 'budget 400 MB', BUDGET.memoryMb))
const again = await repeated((round) => {
  const changed = bindings.with(round, bindingOf(NICS + round))
  compileHost({ filters, bindings: changed, dialect: 'libvirt' }, host)
})
print(compared('again after one binding changed', median(again), 'ms', 'budget 20 ms', BUDGET.secondMs))
print(compared('again after one binding changed', median(again), 'ms', 'the first time', first))

async function repeated(work: (round: number) => unknown): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < 9; round += 1) times.push(await time(() => work(round)))
  return times
}

function bindingOf(at: number): Binding {
  const bytes = [at >> 16, (at >> 8) & 255, at & 255]
  const mac = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
  const xml = `<filterbinding><owner><name>g${at}</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner><portdev name='vnet${at}'/><mac address='52:54:00:${mac}'/><filterref filter='clean-traffic'><parameter name='IP' value='10.${bytes.join('.')}'/></filterref></filterbinding>`
  const { value } = parseBinding(xml, `binding:vnet${at}`)
  if (value === undefined) throw new Error('the binding cannot be read')
  return value
}
