import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { diagnoseEdited, diagnoseParsed, parseDocument, parseFilter } from '#engine'
import { type Bench, compared, median, time } from './bench.ts'

const RULES = 5000
const ROUNDS = 15
const BATCH = 6000
const BUDGET = { parseMs: 25, validateMs: 30, editMs: 16, casesPerSecond: 2000, bundleKb: 60 }
const root = join(import.meta.dirname, '..')

/** What editing a very long filter costs, how many small filters a batch takes a second, and how much the browser loads. */
export const run: Bench = async (print) => {
  const text = longFilter()
  const parse = await repeated(() => parseDocument(text, 'filter:long'))
  print(
    compared(`parse ${RULES} rules, ${Math.round(text.length / 1000)} kB`, parse, 'ms', 'budget 25 ms', BUDGET.parseMs),
  )
  const both = await repeated(() => diagnoseParsed(parseFilter(text, 'filter:long'), new Map()))
  const validate = Math.max(0, both - parse)
  print(compared(`validate ${RULES} rules, after parse`, validate, 'ms', 'budget 30 ms', BUDGET.validateMs))
  print(compared(`validate ${RULES} rules, after parse`, validate, 'ms', 'parse', parse))
  const edit = await measureEdit(text)
  print(compared(`one character typed among ${RULES} rules`, edit, 'ms', 'budget 16 ms', BUDGET.editMs))
  print(compared(`one character typed among ${RULES} rules`, edit, 'ms', 'reading the whole text', both))
  const rate = await measureBatch()
  print(compared('compile --jsonl, small filters', rate, 'cases/s', 'asked for 2000 cases/s', BUDGET.casesPerSecond))
  const kilobytes = (await bundleSize()) / 1000
  print(compared('engine for the browser, gzip', kilobytes, 'kB', 'budget 60 kB', BUDGET.bundleKb))
}

function longFilter(): string {
  const rules = Array.from(
    { length: RULES },
    (_, at) =>
      `  <rule action='accept' direction='${['in', 'out', 'inout'][at % 3]}' priority='${at % 900}'>\n    <tcp srcipaddr='10.${at >> 8}.${at & 255}.0' srcipmask='24' dstportstart='${1000 + at}' dstportend='${1010 + at}'/>\n  </rule>\n`,
  )
  return `<filter name='long' chain='root'>\n${rules.join('')}</filter>\n`
}

async function repeated(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) times.push(await time(work))
  return median(times)
}

/** A digit typed into the middle and taken away again. */
async function measureEdit(text: string): Promise<number> {
  const input = { source: 'filter:long', others: new Map(), dialect: 'libvirt' as const }
  const at = text.indexOf(`'${1000 + RULES / 2}'`) + 1
  const versions = [`${text.slice(0, at)}1${text.slice(at)}`, text]
  let diagnosis = diagnoseEdited({ ...input, text })
  let round = 0
  return repeated(() => {
    diagnosis = diagnoseEdited({ ...input, text: versions[round % 2] ?? text }, diagnosis)
    round += 1
  })
}

async function measureBatch(): Promise<number> {
  const binding = `<filterbinding><owner><name>g</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner><portdev name='vnet0'/><mac address='52:54:00:00:00:10'/><filterref filter='small'><parameter name='IP' value='192.0.2.10'/></filterref></filterbinding>`
  const filter = (port: number) =>
    `<filter name='small'><rule action='accept' direction='in'><tcp dstipaddr='$IP' dstportstart='${port}'/></rule><rule action='drop' direction='inout' priority='1000'><all/></rule></filter>`
  const lines = Array.from({ length: BATCH }, (_, id) =>
    JSON.stringify({ id, filters: [filter(1 + id)], bindings: [binding], builtin: false }),
  )
  const input = `${lines.join('\n')}\n`
  const took = await time(() => {
    const { status } = spawnSync(join(root, 'bin/sluice'), ['compile', '--jsonl'], { input, maxBuffer: 1 << 30 })
    if (status !== 0) throw new Error(`compile --jsonl ended with status ${status}`)
  })
  return (BATCH / took) * 1000
}

async function bundleSize(): Promise<number> {
  const bundle = await rolldown({ input: join(root, 'engine/index.ts') })
  const { output } = await bundle.generate({ minify: true, format: 'esm' })
  await bundle.close()
  return gzipSync(output[0].code, { level: 9 }).length
}
