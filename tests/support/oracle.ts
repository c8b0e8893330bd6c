import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const SOURCE = resolve(import.meta.dirname, '../../../shared/oracle')
const LIBVIRT = '/usr/lib/x86_64-linux-gnu/libvirt.so.0'

/** One filter or include tree to compare: the first text is instantiated, the others resolve its references. */
export type OracleCase = {
  readonly filters: readonly string[]
  readonly variables: readonly (readonly [name: string, value: string])[]
  readonly portDevice?: string
}
export type OracleAnswer = {
  /** Canonical text of each filter, undefined where libvirt refuses it. */
  readonly canonical: readonly (string | undefined)[]
  /** Priority by chain name, e.g. `J-vnet0-mac`. */
  readonly priorities: ReadonlyMap<string, number>
  readonly commands: readonly string[]
  readonly ok: boolean
  readonly message: string
}

/** Why libvirt's own compiler cannot be asked on this machine; undefined when it can. */
export const oracleMissing: string | undefined = !existsSync(join(SOURCE, 'oracle.c'))
  ? 'the program that asks libvirt is not beside this checkout'
  : !existsSync(LIBVIRT)
    ? 'libvirt0 and libvirt-daemon are not installed'
    : undefined

let binary: string | undefined

function build(): string {
  const folder = resolve(import.meta.dirname, '../../.cache')
  mkdirSync(folder, { recursive: true })
  const out = join(folder, `libvirt-oracle-${process.pid}`)
  execFileSync('sh', [join(SOURCE, 'build.sh'), out], { stdio: ['ignore', 'ignore', 'inherit'] })
  process.on('exit', () => spawnSync('rm', ['-f', out]))
  return out
}

/** Asks libvirt 9.0.0 itself what it would do, many cases in one process, in a network namespace of its own. */
export function askOracle(cases: readonly OracleCase[]): readonly OracleAnswer[] {
  binary ??= build()
  const input = cases.map((one) => `${fieldsOf(one).join('\x1f')}\x1f\x1e`).join('')
  const result = spawnSync('unshare', ['-rn', binary, 'batch'], {
    input,
    maxBuffer: 1 << 30,
    env: { ...process.env, FILTERS: '/nonexistent' },
  })
  const answers = result.stdout.toString('utf8').split('\x1e').slice(0, -1)
  if (answers.length !== cases.length)
    throw new Error(`the oracle answered ${answers.length} of ${cases.length} cases: ${result.stderr}`)
  return answers.map((answer, at) => readAnswer(answer, cases[at]?.filters.length ?? 0))
}

function fieldsOf({ filters, variables, portDevice }: OracleCase): string[] {
  return [
    ...filters.map((xml) => `f${xml}`),
    ...variables.map(([name, value]) => `v${name}=${value}`),
    ...(portDevice === undefined ? [] : [`i${portDevice}`]),
  ]
}

function readAnswer(answer: string, count: number): OracleAnswer {
  const parts = answer.split('\x1f')
  const lines = (parts[count + 1] ?? '').split('\n')
  const verdict = lines.findLast((line) => line.startsWith('rc=') || line === 'CRASH') ?? 'rc=-1'
  const priorities = (parts[count] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const)
  return {
    canonical: parts.slice(0, count).map((text) => (text.startsWith('PARSE ERROR') ? undefined : text)),
    priorities: new Map(priorities),
    commands: lines.filter((line) => /^(eb|ip|ip6)tables /.test(line.replace(/^\/\S*\//, ''))),
    ok: verdict.startsWith('rc=0'),
    message: verdict.replace(/^rc=-?\d+ /, ''),
  }
}
