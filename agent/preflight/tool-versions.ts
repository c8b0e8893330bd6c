import { run } from '../exec/run.ts'
import { type Finding, fine, lack, type Severity } from './finding.ts'
import { readProc } from './read-proc.ts'

type Tool = {
  readonly name: string
  readonly command: readonly string[]
  readonly severity: Exclude<Severity, 'ok'>
  readonly lack: string
  readonly package: string
}

const EBIPTABLES = 'the backend ebiptables cannot be used'
const TOOLS: readonly Tool[] = [
  {
    name: 'nft',
    command: ['nft', '--version'],
    severity: 'error',
    lack: 'the nftables backend cannot be used',
    package: 'nftables',
  },
  { name: 'iproute2', command: ['ip', '-V'], severity: 'error', lack: 'NICs cannot be seen', package: 'iproute2' },
  { name: 'ebtables', command: ['ebtables', '--version'], severity: 'warning', lack: EBIPTABLES, package: 'ebtables' },
  { name: 'iptables', command: ['iptables', '--version'], severity: 'warning', lack: EBIPTABLES, package: 'iptables' },
  {
    name: 'ip6tables',
    command: ['ip6tables', '--version'],
    severity: 'warning',
    lack: EBIPTABLES,
    package: 'iptables',
  },
]
/** Where the kernel lists the tables that the legacy tools of an IP version made. */
const LEGACY_TABLES = {
  iptables: '/proc/net/ip_tables_names',
  ip6tables: '/proc/net/ip6_tables_names',
} as const

/** Which tools there are, in which variant, and whether rules of the legacy variants are in force, which nft does not see. */
export async function toolVersions(enter: readonly string[]): Promise<readonly Finding[]> {
  const versions = TOOLS.map(async (tool) => {
    const { status, stdout } = await run(tool.command, { enter, timeoutMs: 5000 })
    return judgeVersion(tool, status === 0 ? stdout : undefined)
  })
  const legacy = Object.entries(LEGACY_TABLES).map(async ([tool, path]) => {
    const tables = (await readProc(path, enter))?.split('\n').filter((name) => name !== '') ?? []
    return judgeLegacyTables(tool, tables)
  })
  return [...(await Promise.all(versions)), ...(await Promise.all(legacy)).flat()]
}

function judgeVersion({ name, severity, lack: what, package: from }: Tool, said: string | undefined): Finding {
  if (said === undefined) return lack(name, severity, what, `apt-get install ${from}`)
  const version = /\d+\.\d+[\w.]*/.exec(said)?.[0] ?? 'of an unknown version'
  const variant = /\((nf_tables|legacy)\)/.exec(said)?.[1]
  if (variant !== 'legacy') return fine(name, variant === undefined ? version : `${version} (${variant})`)
  return lack(
    name,
    'warning',
    `${version} (legacy): nft does not see its rules, and the units of the agent do not let it work`,
    `update-alternatives --set ${name} /usr/sbin/${name}-nft`,
  )
}

function judgeLegacyTables(tool: string, tables: readonly string[]): readonly Finding[] {
  if (tables.length === 0) return []
  return [
    lack(
      `rules of ${tool}-legacy`,
      'warning',
      `the tables ${tables.join(', ')} judge packets too, and nft does not see them`,
      `${tool}-legacy-save | ${tool}-nft-restore --noflush, then empty them: ${tables.map((table) => `${tool}-legacy -t ${table} -F`).join('; ')}`,
    ),
  ]
}
