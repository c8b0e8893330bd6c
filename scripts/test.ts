import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildConsole } from './build-console.ts'
import { generateStore } from './generate-store.ts'
import { installDebianPackages, LAB_PACKAGES, TEST_PACKAGES } from './install-debian-packages.ts'

const HELP = `npm test [-- STEP…]   runs every step, or those named: style types unused unit browser

  style     Biome: formatting and lint
  types     tsc over the repository, and over the engine without the types of Node
  unused    knip: files, exports and packages that nothing uses
  unit      Vitest: engine, repository, command line, and packets through a kernel in namespaces of their own;
            prints how many branches of the engine were taken, and fails below 95 %
  browser   Playwright: the console in Debian's Chromium
`

type Count = { readonly passed: number; readonly failed: number }

const root = join(import.meta.dirname, '..')
const reports = join(root, '.cache/reports')

const STEPS: Readonly<Record<string, () => Count>> = {
  style: () => check('biome', ['check', '--error-on-warnings', '.']),
  types: () => add(check('tsc', ['--noEmit']), check('tsc', ['--noEmit', '-p', 'engine'])),
  unused: () => check('knip', []),
  unit: () => runVitest(),
  browser: () => runPlaywright(),
}

process.exitCode = main(process.argv.slice(2))

function main(args: string[]): number {
  if (args.includes('--help')) {
    process.stdout.write(HELP)
    return 0
  }
  const unknown = args.filter((name) => STEPS[name] === undefined)
  if (unknown.length > 0) {
    console.error(`sluice: there is no step ${unknown.join(', ')}\n\n${HELP}`)
    return 2
  }
  installDebianPackages([...LAB_PACKAGES, ...TEST_PACKAGES])
  generateStore()
  mkdirSync(reports, { recursive: true })
  const names = args.length > 0 ? args : Object.keys(STEPS)
  const total = names.reduce(
    (sum, name) => {
      console.error(`\nsluice: ${name}`)
      return add(sum, STEPS[name]?.() ?? { passed: 0, failed: 1 })
    },
    { passed: 0, failed: 0 },
  )
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}

function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed }
}

/** Runs a tool of node_modules; what it prints goes to the terminal. */
function succeeds(tool: string, args: readonly string[], env: Record<string, string> = {}): boolean {
  const program = join(root, 'node_modules/.bin', tool)
  return (
    spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
      .status === 0
  )
}

function check(tool: string, args: readonly string[]): Count {
  return succeeds(tool, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** A runner that fails without a failed test (a file that does not load, say) counts as one failure. */
function counted(succeeded: boolean, count: Count | undefined): Count {
  if (count === undefined) return { passed: 0, failed: 1 }
  return succeeded || count.failed > 0 ? count : { ...count, failed: 1 }
}

function runVitest(): Count {
  const file = join(reports, 'vitest.json')
  rmSync(file, { force: true })
  const ok = succeeds('vitest', ['run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile=${file}`])
  const report = readReport<{ numPassedTests: number; numFailedTests: number }>(file)
  return counted(ok, report && { passed: report.numPassedTests, failed: report.numFailedTests })
}

function runPlaywright(): Count {
  buildConsole()
  const file = join(reports, 'playwright.json')
  rmSync(file, { force: true })
  const ok = succeeds('playwright', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: file })
  const report = readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(file)
  return counted(ok, report && { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky })
}

function readReport<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined
}
