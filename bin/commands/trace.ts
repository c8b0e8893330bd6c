import { parseArgs } from 'node:util'
import { type CommandModule, UsageError } from '../command.ts'
import { traceBatch } from '../trace-batch.ts'
import { MODELS } from '../trace-models.ts'

/** `sluice trace`: what would happen to frames, and why. */
export const command: CommandModule = {
  help: `sluice trace --jsonl

Says what would happen to frames under filters and bindings: accept, drop or reject, the rule that decides, and every step
before it, with connection tracking from one frame to the next. Nothing is installed and no kernel is asked. Answers one
JSON object for each line of standard input:

  {"id": 1, "filters": ["<filter …"], "bindings": ["<filterbinding …"], "dialect": "libvirt"|"strict", "over": ${MODELS.map((name) => `"${name}"`).join('|')},
   "frames": [{"portDevice": "vnet0", "direction": "out"|"in", "hex": "ffffffffffff5254…"}]}

"out" leaves the guest. A frame is written without its checksum.
`,
  run({ args }) {
    const { values } = parseArgs({ args, options: { jsonl: { type: 'boolean' } } })
    if (!values.jsonl) throw new UsageError('trace reads requests from standard input: give it --jsonl')
    return traceBatch(process.stdin, process.stdout)
  },
}
