import { parseArgs } from 'node:util'
import { encodeBinding, encodeFilter, renderDiagnostic, uuidFromName } from '#engine'
import type { CommandModule } from '../command.ts'
import { oneFile } from '../dialect-of.ts'
import { readInputs } from '../read-inputs.ts'
import { readSources } from '../read-sources.ts'

/** `sluice canonical`: the text that dumpxml prints after a define. */
export const command: CommandModule = {
  help: `sluice canonical FILE

Prints the text that virsh nwfilter-dumpxml (or nwfilter-binding-dumpxml) prints after FILE was defined.
libvirt gives a filter without <uuid> a random one; here it is made of the filter's name, the same every time.
`,
  run({ args, json }) {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
    const [input] = readInputs(readSources([oneFile(positionals)]))
    if (input === undefined) return 1
    const { filter, binding } = input
    const text =
      filter === undefined
        ? binding && encodeBinding(binding)
        : encodeFilter({ ...filter, uuid: filter.uuid ?? uuidFromName(filter.name) })
    for (const diagnostic of text === undefined ? input.diagnostics : [])
      process.stderr.write(`${renderDiagnostic(diagnostic, input.text, input.source)}\n`)
    if (text === undefined) return 1
    process.stdout.write(json ? `${JSON.stringify({ canonical: text })}\n` : text)
    return 0
  },
}
