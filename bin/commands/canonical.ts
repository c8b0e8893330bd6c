import { parseArgs } from 'node:util'
import { canonicalBinding, encodeFilter, type ReadText, uuidFromName } from '#engine'
import type { CommandModule } from '../command.ts'
import { oneFile } from '../dialect-of.ts'
import { readFile } from '../open-files.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { readSources } from '../read-sources.ts'

/** `sluice canonical`: the text that dumpxml prints after a define. */
export const command: CommandModule = {
  help: `sluice canonical [--json] FILE

Prints the text that virsh nwfilter-dumpxml (or nwfilter-binding-dumpxml) prints after FILE was defined.
libvirt gives a filter without <uuid> a random one; here it is made of the filter's name, the same every time.
`,
  run({ args, json }) {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
    const [source] = readSources([oneFile(positionals)])
    if (source === undefined) return 1
    const input = readFile(source, 'libvirt')
    const text = canonicalOf(input)
    if (text === undefined) {
      printDiagnostics(input.diagnostics, [input], { json: false, to: process.stderr })
      if (input.domain !== undefined || input.network !== undefined)
        process.stderr.write(`sluice: ${input.source} is a domain or a network, which have no canonical text here\n`)
      return 1
    }
    process.stdout.write(json ? `${JSON.stringify({ canonical: text })}\n` : text)
    return 0
  },
}

function canonicalOf({ filter, binding }: ReadText): string | undefined {
  if (filter !== undefined) return encodeFilter({ ...filter, uuid: filter.uuid ?? uuidFromName(filter.name) })
  return binding && canonicalBinding(binding)
}
