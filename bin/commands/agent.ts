import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { changeInstallation } from '../change-installation.ts'
import { type CommandModule, UsageError } from '../command.ts'

/** `sluice agent`: runs until it is told to end. */
export const command: CommandModule = {
  help: `sluice agent --mode lab|host|libvirt [--backend nftables|ebiptables] [--mark-mask MASK] [--state DIR] [--socket PATH]

Applies rules to the kernel and reports what the kernel does, over a Unix socket.
The backend nftables (default) shares rules between NICs; ebiptables installs libvirt's own chains. Another backend than that of
the last run takes the rules over. --mark-mask says which bits of the packet mark nftables rules with states, rejects or limits
of connections may use (default 0xffff0000, at least four); other bits are never changed. Files in the folder sets of the state
directory, as ipset save writes them, are the sets that nftables rules with ipset look into.
lab makes a bridge with three guests in network namespaces of its own. Exit status 4 where the kernel refuses that.

sluice agent --install [--root DIR] [--bridge-netfilter] [--backend …] [--mark-mask MASK] [--state DIR] [--socket PATH]
sluice agent --uninstall [--root DIR] [--state DIR]

--install writes units for systemd: rules before the network, and the agent in mode host (default /var/lib/sluice and
/run/sluice/agent.sock). It enables them and starts nothing. --root writes below DIR and enables nothing. --bridge-netfilter
has br_netfilter from boot on. --uninstall takes the units away; rules in the kernel and the state directory stay.
`,
  async run({ args, data }) {
    const { values } = parseArgs({
      args,
      options: {
        mode: { type: 'string' },
        backend: { type: 'string', default: 'nftables' },
        'mark-mask': { type: 'string', default: '0xffff0000' },
        state: { type: 'string' },
        socket: { type: 'string' },
        install: { type: 'boolean', default: false },
        uninstall: { type: 'boolean', default: false },
        root: { type: 'string' },
        'bridge-netfilter': { type: 'boolean', default: false },
      },
    })
    const given = values.mode ?? 'lab'
    const mode = (['lab', 'host', 'libvirt'] as const).find((known) => known === given)
    if (mode === undefined) throw new UsageError(`--mode is lab, host or libvirt, not ${given}`)
    const backend = (['nftables', 'ebiptables'] as const).find((known) => known === values.backend)
    if (backend === undefined) throw new UsageError(`--backend is nftables or ebiptables, not ${values.backend}`)
    const markMask = readMask(values['mark-mask'])
    if (values.install || values.uninstall) return changeInstallation({ ...values, backend, markMask })
    if (values.root !== undefined || values['bridge-netfilter'])
      throw new UsageError('--root and --bridge-netfilter belong to --install')
    const { runAgent } = await import('../../agent/main.ts')
    return runAgent({
      mode,
      backend,
      markMask,
      stateDir: values.state ?? join(data, 'agent'),
      socket: values.socket ?? join(data, 'agent.sock'),
    })
  },
}

const FEWEST_BITS = 4

function readMask(text: string): number {
  const mask = /^0x[0-9a-f]{1,8}$/i.test(text) ? Number(text) : Number.NaN
  const bits = mask.toString(2).replaceAll('0', '').length
  if (Number.isNaN(mask) || bits < FEWEST_BITS)
    throw new UsageError(`--mark-mask is a hexadecimal number with at least ${FEWEST_BITS} bits, not ${text}`)
  return mask
}
