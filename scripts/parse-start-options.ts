import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type AgentMode = 'lab' | 'host' | 'libvirt' | 'none'
export type StartOptions = {
  readonly port: number
  readonly data: string
  readonly agent: AgentMode
  readonly backend: 'nftables' | 'ebiptables'
}

export const START_HELP = `npm start -- [--port N] [--data DIR] [--agent lab|host|libvirt|none] [--backend nftables|ebiptables]

Installs what is missing, prepares the database, builds the console where needed, and starts console and agent.

  --port N     port of the console on 127.0.0.1 (default 3000)
  --data DIR   everything this run owns: database, agent state, sockets, token file (default ./data)
  --agent M    lab      three guests and a bridge in network namespaces of their own (default)
               host     the devices of this machine
               libvirt  a host that runs libvirt
               none     the console alone
  --backend B  nftables    rules that NICs share (default)
               ebiptables  libvirt's own chains
  --help       this text

Two instances with different ports and folders run side by side. Ctrl-C ends everything within 5 s.
`

/** Reads the command line; throws an Error with a sentence for the admin. */
export function parseStartOptions(args: string[]): StartOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '3000' },
      data: { type: 'string', default: 'data' },
      agent: { type: 'string', default: 'lab' },
      backend: { type: 'string', default: 'nftables' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65535) throw new Error(`--port ${values.port} is no port number`)
  const agent = (['lab', 'host', 'libvirt', 'none'] as const).find((mode) => mode === values.agent)
  if (agent === undefined) throw new Error(`--agent is lab, host, libvirt or none, not ${values.agent}`)
  const backend = (['nftables', 'ebiptables'] as const).find((name) => name === values.backend)
  if (backend === undefined) throw new Error(`--backend is nftables or ebiptables, not ${values.backend}`)
  return { port, data: resolve(values.data), agent, backend }
}
