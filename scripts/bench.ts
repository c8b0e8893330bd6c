import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Bench } from '../bench/bench.ts'
import { buildConsole } from './build-console.ts'
import { generateStore } from './generate-store.ts'
import { installDebianPackages, LAB_PACKAGES, TEST_PACKAGES } from './install-debian-packages.ts'

const folder = join(import.meta.dirname, '../bench')
const known = globSync('*.bench.ts', { cwd: folder }).map((file) => basename(file, '.bench.ts'))

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(
      `npm run bench [-- NAME…]   prints one JSON object a line; the names: ${known.sort().join(' ')}\n`,
    )
    return 0
  }
  const unknown = args.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    console.error(`sluice: there is no benchmark ${unknown.join(', ')}; there are ${known.sort().join(', ')}`)
    return 2
  }
  installDebianPackages([...LAB_PACKAGES, ...TEST_PACKAGES])
  generateStore()
  buildConsole()
  const names = args.length > 0 ? args : known.sort()
  const [only] = names
  if (names.length === 1 && only !== undefined) return runHere(only)
  // Each in a process of its own: none meets what another has left in memory.
  return names
    .map((name) => spawnSync(process.execPath, [import.meta.filename, name], { stdio: 'inherit' }).status ?? 1)
    .reduce((worst, status) => Math.max(worst, status), 0)
}

async function runHere(name: string): Promise<number> {
  const { run } = (await import(join(folder, `${name}.bench.ts`))) as { run: Bench }
  await run((result) => process.stdout.write(`${JSON.stringify({ bench: name, ...result })}\n`))
  return 0
}
