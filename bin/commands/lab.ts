import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CommandContext, type CommandModule, type ExitStatus, UsageError } from '../command.ts'

/** `sluice lab`: frames and commands inside the lab of a running instance. */
export const command: CommandModule = {
  help: `sluice lab send --from PORTDEV|outside --hex FRAME
sluice lab exec [--in host|PORTDEV|outside] -- COMMAND …

send puts a frame on the wire as the guest behind PORTDEV (or the outside) would, and prints where it arrived, a port a line.
exec runs a command in the lab's host namespace (default), in the guest behind a port device, or outside; its exit status is ours.
`,
  async run(context) {
    const [verb, ...rest] = context.args
    if (verb === 'send') return send(rest, context)
    if (verb === 'exec') return exec(rest, context)
    throw new UsageError('lab send or lab exec is needed')
  },
}

async function send(args: string[], { data, json }: CommandContext): Promise<ExitStatus> {
  const { values } = parseArgs({ args, options: { from: { type: 'string' }, hex: { type: 'string' } } })
  const { from, hex } = values
  if (from === undefined || hex === undefined) throw new UsageError('--from and --hex are needed')
  if (!/^([0-9a-fA-F]{2}){14,1600}$/.test(hex)) throw new UsageError('--hex takes 14 to 1600 bytes in hexadecimal')
  return ask(data, async (agent) => {
    const { arrived } = await agent.lab.send.mutate({ from, hex })
    process.stdout.write(json ? `${JSON.stringify({ arrived })}\n` : arrived.map((port) => `${port}\n`).join(''))
    return 0
  })
}

async function exec(args: string[], { data }: CommandContext): Promise<ExitStatus> {
  const separator = args.indexOf('--')
  if (separator === -1 || separator === args.length - 1) throw new UsageError('-- COMMAND is needed')
  const { values } = parseArgs({ args: args.slice(0, separator), options: { in: { type: 'string', default: 'host' } } })
  return ask(data, async (agent) => {
    const { status, stdout, stderr } = await agent.lab.exec.mutate({
      in: values.in,
      command: args.slice(separator + 1),
    })
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    // The command's own status is what a script wants to see, whatever number it is.
    return status as ExitStatus
  })
}

type Agent = Awaited<ReturnType<typeof import('../../server/agents/agent-client.ts').agentClient>>

async function ask(data: string, question: (agent: Agent) => Promise<ExitStatus>): Promise<ExitStatus> {
  const { agentClient } = await import('../../server/agents/agent-client.ts')
  try {
    return await question(agentClient(join(data, 'agent.sock')))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const unreachable = message.includes('fetch failed')
    process.stderr.write(
      unreachable
        ? `sluice: no agent answers at ${join(data, 'agent.sock')}; is npm start running with this folder?\n`
        : `sluice: ${message}\n`,
    )
    return unreachable ? 3 : 4
  }
}
