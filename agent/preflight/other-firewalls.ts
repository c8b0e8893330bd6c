import { run } from '../exec/run.ts'
import { type Finding, lack } from './finding.ts'
import type { ListedChain } from './read-chains.ts'
import { readProc } from './read-proc.ts'

type Program = {
  readonly name: string
  /** A chain that only this program makes. */
  readonly has: (chain: ListedChain) => boolean
  readonly detail: string
  readonly remedy: string
}

const PROGRAMS_OF_OTHERS: readonly Program[] = [
  {
    name: 'firewalld',
    has: ({ family, table }) => family === 'inet' && table === 'firewalld',
    detail:
      'rules of firewalld are in force: it rejects bridged packets that pass the hooks of IP, unless a zone accepts them',
    remedy: 'firewall-cmd --get-active-zones; put the bridge into a zone that forwards',
  },
  {
    name: 'ufw',
    has: ({ name }) => /^ufw6?-/.test(name),
    detail: 'rules of ufw are in force: it drops bridged packets that pass the hooks of IP, unless a rule accepts them',
    remedy: 'ufw default allow routed; or net/bridge/bridge-nf-call-iptables=0 in /etc/ufw/sysctl.conf',
  },
  {
    name: 'Docker',
    has: ({ name }) => name === 'DOCKER-USER',
    detail: 'rules of Docker are in force: it turns bridge-nf-call on, and sets the forward policy to drop',
    remedy: 'iptables -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT',
  },
]
const CONFIGURATIONS = ['/etc/nftables.conf', '/etc/sysconfig/nftables.conf'] as const

/** Programs that are seen by chains they made. */
export function judgePrograms(chains: readonly ListedChain[]): readonly Finding[] {
  return PROGRAMS_OF_OTHERS.filter(({ has }) => chains.some(has)).map(({ name, detail, remedy }) =>
    lack(name, 'warning', detail, remedy),
  )
}

/** nftables.service of this host: a reload of it takes the rules of everybody where its file says so. */
export async function nftablesService(): Promise<readonly Finding[]> {
  const states = await Promise.all(
    ['is-enabled', 'is-active'].map(async (verb) => {
      const { stdout } = await run(['systemctl', verb, 'nftables.service'], { timeoutMs: 5000 })
      return stdout.trim()
    }),
  )
  if (!states.includes('enabled') && !states.includes('active')) return []
  const texts = await Promise.all(CONFIGURATIONS.map((path) => readProc(path, [])))
  const path = CONFIGURATIONS.find((_, at) => flushesAll(texts[at] ?? ''))
  return path === undefined ? [] : [judgeFlush(path)]
}

/** Whether a script of nft takes away what others loaded. nft(8), RULESET */
export function flushesAll(script: string): boolean {
  return script.split(/[\n;]/).some((line) => /^\s*flush\s+ruleset(\s+(bridge|ip|ip6))?\s*(#|$)/.test(line))
}

function judgeFlush(path: string): Finding {
  return lack(
    'nftables.service',
    'warning',
    `“flush ruleset” in ${path}: each reload or restart takes our rules too, until the agent sees it`,
    `in ${path} write “add table FAMILY NAME; delete table FAMILY NAME” for its own tables instead`,
  )
}
