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
  for (const name of args.length > 0 ? args : known.sort()) {
    const { run } = (await import(join(folder, `${name}.bench.ts`))) as { run: Bench }
    await run((result) => process.stdout.write(`${JSON.stringify({ bench: name, ...result })}\n`))
  }
  return 0
}
