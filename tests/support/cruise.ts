import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const PRODUCT = ['app', 'components', 'engine', 'agent', 'server', 'bin', 'proxy.ts'] as const

export type Cruise = { readonly modules: number; readonly violations: readonly string[] }

/** Checks the import rules of the house over a checkout; each violation reads `RULE: FROM → TO`. */
export function cruise(root: string): Cruise {
  const program = join(import.meta.dirname, '../../node_modules/.bin/depcruise')
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...PRODUCT]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 })
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no answer: ${stderr}`)
  const { summary } = JSON.parse(stdout) as {
    summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] }
  }
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  }
}
