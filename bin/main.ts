import { dirname, join } from 'node:path'
import { type CommandModule, UsageError } from './command.ts'

const HELP = `sluice: the firewall of virtual-machine NICs, as libvirt network filters

  sluice [--data DIR] [--json] COMMAND …

  validate     check filters and bindings, and say where they are wrong
  canonical    print the text that libvirt would print after a define
  format       print or rewrite texts in Sluice's formatting
  compile      print what a binding becomes: commands, or any stage before them
  trace        say what would happen to frames, and which rule decides it
  agent        the process on the host that applies rules and reports what the kernel does
  lab          put frames and commands into the lab
  preflight    what this kernel and these tools can do, and what to install
  sign-in-link print a new sign-in link for the console that runs with DIR

--data DIR names the instance (default ./data of this checkout). sluice COMMAND --help tells more.
Exit status: 0 done, 1 the input has errors, 2 wrong usage, 3 console or agent cannot be reached, 4 the kernel refused.
`

const COMMANDS: Readonly<Record<string, () => Promise<{ command: CommandModule }>>> = {
  validate: () => import('./commands/validate.ts'),
  canonical: () => import('./commands/canonical.ts'),
  format: () => import('./commands/format.ts'),
  compile: () => import('./commands/compile.ts'),
  trace: () => import('./commands/trace.ts'),
  agent: () => import('./commands/agent.ts'),
  lab: () => import('./commands/lab.ts'),
  preflight: () => import('./commands/preflight.ts'),
  'sign-in-link': () => import('./commands/sign-in-link.ts'),
}

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  let data = process.env.SLUICE_DATA ?? join(dirname(import.meta.dirname), 'data')
  let json = false
  while (args[0]?.startsWith('-')) {
    const option = args.shift()
    if (option === '--help' || option === '-h') {
      process.stdout.write(HELP)
      return 0
    }
    if (option === '--json') json = true
    else if (option === '--data' && args[0] !== undefined) data = args.shift() ?? data
    else return usage(`unknown option ${option}`, HELP)
  }
  const name = args.shift()
  const load = name === undefined ? undefined : COMMANDS[name]
  if (load === undefined) return usage(name === undefined ? 'a command is needed' : `unknown command ${name}`, HELP)
  const { command } = await load()
  const separator = args.indexOf('--')
  const own = separator === -1 ? args : args.slice(0, separator)
  if (own.includes('--help') || own.includes('-h')) {
    process.stdout.write(command.help)
    return 0
  }
  const jsonAt = own.indexOf('--json')
  if (jsonAt !== -1) args.splice(jsonAt, 1)
  const dataAt = args.slice(0, own.length).indexOf('--data')
  if (dataAt !== -1) {
    const [, given] = args.splice(dataAt, 2)
    if (given === undefined) return usage('--data needs a folder', command.help)
    data = given
  }
  try {
    return await command.run({ args, json: json || jsonAt !== -1, data })
  } catch (error) {
    // parseArgs throws TypeErrors with a code of its own for unknown options.
    const isUsage =
      error instanceof UsageError ||
      (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    if (isUsage) return usage(error.message, command.help)
    throw error
  }
}

function usage(message: string, help: string): number {
  process.stderr.write(`sluice: ${message}\n\n${help}`)
  return 2
}
