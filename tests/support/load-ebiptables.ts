import {
  type EbiptablesRuleset,
  type FinalChain,
  type FinalIpChain,
  type FinalRule,
  finalChains,
  finalIpChains,
  hookArguments,
} from '#engine'
import { run } from '../../agent/exec/run.ts'
import { asLine, type Tool } from './probe-rules.ts'

/** libvirt's shared chains of the IP layer, in the order in which FORWARD and INPUT lead to them. Spec 5.2. */
const SHARED = [
  ['FORWARD', 'libvirt-in'],
  ['FORWARD', 'libvirt-out'],
  ['FORWARD', 'libvirt-in-post'],
  ['INPUT', 'libvirt-host-in'],
] as const
/** How a packet of a device gets from a shared chain into the device's own. */
const LINKS = {
  'from-guest': ['libvirt-in', '-m physdev --physdev-in'],
  'to-guest': ['libvirt-out', '-m physdev --physdev-is-bridged --physdev-out'],
  'to-host': ['libvirt-host-in', '-m physdev --physdev-in'],
} as const

/**
 * Brings the packet filter of a namespace to exactly what libvirt leaves behind when it has installed these rulesets, in this
 * order: one call of each restore program, and what stood in the tables is gone. Returns why a tool refuses, undefined where
 * none does. The final chains alone are linked, so it does not matter that libvirt renames others to them.
 */
export async function loadEbiptables(
  rulesets: readonly EbiptablesRuleset[],
  enter: readonly string[],
): Promise<string | undefined> {
  const unspeakable = rulesets.flatMap((ruleset) => findUnspeakable(ruleset))[0]
  if (unspeakable !== undefined) return unspeakable
  const texts = [
    ['ebtables-restore', ethernetText(rulesets)],
    ['iptables-restore', ipText('iptables', rulesets)],
    ['ip6tables-restore', ipText('ip6tables', rulesets)],
  ] as const
  for (const [program, input] of texts) {
    const { status, stderr } = await run([program], { enter, input })
    if (status !== 0) return `${program}: ${stderr.trim() || `status ${status}`}\n${input}`
  }
  return undefined
}

/** A restore program reads lines: it cannot be given a line end, nor ebtables-restore a blank inside of a word. */
function findUnspeakable(ruleset: EbiptablesRuleset): readonly string[] {
  const chains = [...finalChains(ruleset), ...finalIpChains(ruleset)]
  return chains.flatMap(({ tool, rules }) => {
    const letters = tool === 'ebtables' ? /[\s"']|^$/ : /[\r\n]/
    return rules.flatMap(({ args, text }) =>
      args.some((word) => letters.test(word)) ? [`${tool}-restore cannot be given: ${text}`] : [],
    )
  })
}

function ethernetText(rulesets: readonly EbiptablesRuleset[]): string {
  const chains = rulesets.flatMap((ruleset) => finalChains(ruleset))
  const hooks = rulesets.flatMap(({ portDevice, shape }) =>
    shape.sides.map((side) => hookArguments('final', side, portDevice)),
  )
  return linesOf([
    '*nat',
    ...['PREROUTING', 'OUTPUT', 'POSTROUTING'].map((chain) => `:${chain} ACCEPT`),
    ...chains.map(({ name }) => `-N ${name}`),
    ...chains.flatMap((chain) => rulesOf('ebtables', chain)),
    ...hooks.map((hook) => `-A ${hook.join(' ')}`),
  ])
}

function ipText(tool: 'iptables' | 'ip6tables', rulesets: readonly EbiptablesRuleset[]): string {
  const used = rulesets.flatMap((ruleset) => {
    const chains = finalIpChains(ruleset).filter((chain) => chain.tool === tool)
    return chains.length === 0 ? [] : [{ device: ruleset.portDevice, chains }]
  })
  const shared = used.length === 0 ? [] : SHARED
  const chains = used.flatMap((one) => one.chains)
  return linesOf([
    '*filter',
    ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `:${chain} ACCEPT [0:0]`),
    ...[...shared.map(([, name]) => name), ...chains.map(({ name }) => name)].map((name) => `:${name} - [0:0]`),
    ...shared.map(([hook, name]) => `-A ${hook} -j ${name}`),
    ...used.flatMap(({ device, chains: own }) => [
      ...own.map(({ side, name }) => `-A ${LINKS[side][0]} ${LINKS[side][1]} ${device} -g ${name}`),
      `-A libvirt-in-post -m physdev --physdev-in ${device} -j ACCEPT`,
    ]),
    ...chains.flatMap((chain) => rulesOf(tool, chain)),
    'COMMIT',
  ])
}

function rulesOf(tool: Tool, { name, rules }: FinalChain | FinalIpChain): readonly string[] {
  return rules.map((rule: FinalRule) => `-A ${name} ${asLine(tool, rule)}`)
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
