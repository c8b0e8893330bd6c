import { setTimeout as sleep } from 'node:timers/promises'
import { type NftablesRuleset, type TraceFrame, type TraceVerdict, traceFrames } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { LAB_GUESTS } from '../../agent/lab/lab.ts'
import { FRAGMENTS_GONE_MS, QUIET_MS, sendOn } from './compare-kernels.ts'
import type { BoundFilter } from './compile-ruleset.ts'
import { describeFrame } from './describe-frame.ts'
import type { GeneratedFrame } from './generate-frames.ts'
import type { LabPair, LabSide } from './lab-pair.ts'
import { countsNone, isHeld, lacksComment, modelsOf } from './models-of.ts'
import { normalArrival } from './normal-arrival.ts'
import { LAB_HOST } from './quiet-lab.ts'
import { encodeFrames, readArrivals } from './wire.ts'

/** A pair whose sides hold libvirt's chains and our ruleset, and a lab without a filter: what gets there can get there at all. */
export type TracedLabs = {
  readonly pair: LabPair
  readonly bare: LabSide
  /** Loads both sides of the pair anew: what they have counted is forgotten. */
  readonly reload: () => Promise<unknown>
}
/** What the models were asked, in frames; `differences` are texts for people. */
export type TraceComparison = {
  readonly frames: number
  /** Some model had no verdict. */
  readonly notModelled: number
  /** Nobody would get the frame without a filter either. */
  readonly undeliverable: number
  readonly rejected: number
  /** Rejected frames that the host answered. */
  readonly answered: number
  readonly differences: readonly string[]
}

type NftRule = NftablesRuleset['tables'][number]['chains'][number]['rules'][number]

const GUEST = 'vnet0'
const HOST_MAC = LAB_HOST.mac.replaceAll(':', '')
const SIDES = ["libvirt's chains", 'our ruleset']
const MODELS = ['rules', 'commands', 'nftables'] as const
const ADDRESSES = 12
/** Who the bridge knows beside the guest and the host. */
const NEIGHBOURS = new Set(LAB_GUESTS.slice(1).map(({ mac }) => mac.replaceAll(':', '')))

/**
 * Sends the frames that concern the NIC of vnet0 through both sides, whose rules are loaded, and asks the models about each: what
 * they accept has to arrive wherever it would without a filter, and nothing else may. A difference counts when it comes again while
 * each frame has its time.
 */
export async function compareTrace(
  { pair, bare, reload }: TracedLabs,
  bound: BoundFilter,
  nft: NftablesRuleset,
  sent: readonly GeneratedFrame[],
): Promise<TraceComparison> {
  const tracked = trackedBy(nft)
  const traffic = { guestMac: bound.binding.mac, tracks: tracked.length > 0, counts: counts(nft) }
  const frames = sent.filter((frame) => concernsGuest(frame, traffic))
  const traced = frames.map(toTraced)
  const models = modelsOf(bound, nft)
  if (models === undefined) throw new Error('what was loaded does not compile')
  const verdicts = [models.ruled, models.commanded, models.shared].map((model) => traceFrames(model, traced))
  if (lacksComment(bound)) verdicts[1] = verdicts[0] ?? []
  await loadBare(bare.enter, bound, tracked)
  let found = await look(0)
  for (const quietMs of QUIET_MS) {
    if (found.differences.length === 0) break
    await sleep(FRAGMENTS_GONE_MS)
    await reload()
    found = await look(quietMs)
  }
  return { ...found, frames: frames.length, notModelled: frames.filter((_, at) => isUnknown(at)).length }

  function isUnknown(at: number): boolean {
    return verdicts.some((all) => all[at]?.verdict === 'not-modelled')
  }

  async function look(quietMs: number) {
    const encoded = encodeFrames(frames)
    const how = { quietMs, learning: pair.learning }
    const [free, ...filtered] = await Promise.all([bare, ...pair.sides].map((side) => sendOn(side, encoded, how)))
    const sums = { undeliverable: 0, rejected: 0, answered: 0 }
    const differences: string[] = []
    for (const [at, frame] of traced.entries()) {
      const heads = headsOf(frames, at)
      const isWhole = frames[at]?.group === undefined
      const { copies: unfiltered, answers: unasked } = sortArrivals(free?.[at], frame, heads, isWhole)
      if (unfiltered.length === 0) sums.undeliverable += 1
      for (const [side, parts] of filtered.entries()) {
        const { copies, answers: all } = sortArrivals(parts[at], frame, heads, isWhole)
        // What goes to a group reaches the host beside the guest.
        const answers = frame.direction === 'in' ? all - unasked : all
        const through = unfiltered.filter((copy) => copies.includes(copy)).length
        for (const [model, asked] of verdicts.entries()) {
          // What iptables does there nftables does not, each as its model says.
          if (countsNone(verdicts[0]?.[at]) && (model === 2) !== (side === 1)) continue
          const wrong = contradiction(asked[at], through, unfiltered.length, answers)
          if (wrong === undefined) continue
          const words = `${frame.direction} ${describeFrame(frame.hex)}: ${MODELS[model]} say ${asked[at]?.verdict}, in ${SIDES[side]} ${wrong}`
          differences.push(`${words}\n  ${frame.hex}`)
        }
        if (side > 0 || verdicts[0]?.[at]?.verdict !== 'reject') continue
        sums.rejected += 1
        if (answers > 0) sums.answered += 1
      }
    }
    return { ...sums, differences }
  }
}

/** What the kernel did against a verdict; undefined where nothing. */
function contradiction(
  verdict: TraceVerdict | undefined,
  through: number,
  all: number,
  answers: number,
): string | undefined {
  if (verdict === undefined || verdict.verdict === 'not-modelled') return undefined
  const passes = verdict.verdict === 'accept' && !isHeld(verdict)
  if (passes) return through === all ? undefined : `${through} of ${all} copies arrived`
  if (through > 0) return `${through} of ${all} copies arrived`
  return verdict.verdict === 'drop' && answers > 0 ? `the host answered` : undefined
}

/** The guest, and whether connections are tracked, and counted. */
type Traffic = { readonly guestMac: string; readonly tracks: boolean; readonly counts: boolean }

/**
 * Frames that pass the guest's port: a list for the models knows one NIC. Where connections are tracked, only those whose connection
 * no copy on another way confirms, nor an answer of the host's own; where they are counted, only those of which there is one copy.
 */
function concernsGuest({ from, hex }: GeneratedFrame, { guestMac, tracks, counts }: Traffic): boolean {
  const target = hex.slice(0, ADDRESSES)
  const guest = guestMac.replaceAll(':', '')
  // The bridge sends nothing back to where it came from.
  if (from === GUEST) return counts ? NEIGHBOURS.has(target) : !tracks || (target !== HOST_MAC && target !== guest)
  if (from === 'host') return false
  if (target === guest) return true
  return !tracks && (Number.parseInt(target.slice(0, 2), 16) & 1) === 1
}

function counts({ tables }: NftablesRuleset): boolean {
  return tables.some(({ chains }) =>
    chains.some(({ rules }) => rules.some(({ statement }) => statement.kind === 'limit')),
  )
}

function toTraced({ from, hex }: GeneratedFrame): TraceFrame {
  return { portDevice: GUEST, direction: from === GUEST ? 'out' : 'in', hex }
}

/** The addresses of a frame, and those of the other fragments of its packet. */
function headsOf(frames: readonly GeneratedFrame[], at: number): ReadonlySet<string> {
  const own = frames[at]
  const group = frames.filter((frame) => frame === own || (own?.group !== undefined && frame.group === own.group))
  return new Set(group.map(({ hex }) => hex.slice(0, ADDRESSES * 2)))
}

/**
 * Copies of a frame behind the NIC's filter, and how often the host itself said something. The host's input puts fragments together,
 * each of which a filter may have judged alone, so that it says nothing of one.
 */
function sortArrivals(
  part: Buffer | undefined,
  { direction }: TraceFrame,
  heads: ReadonlySet<string>,
  isWhole: boolean,
) {
  const copies: string[] = []
  let answers = 0
  for (const arrival of part === undefined ? [] : readArrivals(part)) {
    const { at, bytes } = arrival
    const normal = normalArrival(arrival)
    if (normal === undefined) continue
    const isInput = at.startsWith('INPUT')
    if (isInput && !isWhole) continue
    const isCopy = isInput || heads.has(bytes.toString('hex', 0, ADDRESSES))
    if (isCopy && (direction === 'out') === (at !== GUEST)) copies.push(normal)
    if (!isCopy && bytes.toString('hex', ADDRESSES / 2, ADDRESSES) === HOST_MAC) answers += 1
  }
  return { copies, answers }
}

/** The families in which a ruleset asks for connections, or counts them. */
function trackedBy({ tables }: NftablesRuleset): readonly ('ip' | 'ip6')[] {
  const asks = ({ matches, statement }: NftRule) =>
    statement.kind === 'limit' || matches.some(({ kind }) => kind.startsWith('ct-'))
  return tables.flatMap(({ family, chains }) =>
    family !== 'bridge' && chains.some(({ rules }) => rules.some(asks)) ? [family] : [],
  )
}

/** No filter, but connections are tracked and br_netfilter is on where the rulesets have it so. */
async function loadBare(
  enter: readonly string[],
  { ruleset }: BoundFilter,
  tracked: readonly ('ip' | 'ip6')[],
): Promise<void> {
  for (const tool of ['iptables', 'ip6tables'] as const) {
    const isUsed = ruleset.shape.ip.some((layer) => layer.tool === tool)
    await must(['tee', `/proc/sys/net/bridge/bridge-nf-call-${tool}`], enter, isUsed ? '1' : '0')
  }
  const tables = tracked.map(
    (family) =>
      `table ${family} bare { chain tracking { type filter hook prerouting priority 0; ct state new accept; }; }`,
  )
  await must(['nft', '-f', '-'], enter, ['flush ruleset', ...tables, ''].join('\n'))
}

async function must(command: readonly string[], enter: readonly string[], input: string): Promise<void> {
  const { status, stderr } = await run(command, { enter, input })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr.trim()}`)
}
