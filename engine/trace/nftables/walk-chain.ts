import { countOpen } from '../connections/count-connections.ts'
import type { NftCompiledChain, NftCompiledRule, NftCompiledTable } from './compile-table.ts'
import type { NftPacket } from './nft-packet.ts'

/** What a chain makes of a packet; `end` when it comes back without a verdict. */
type Outcome = 'accept' | 'drop' | 'reject' | 'end'
/** `next` when a rule says nothing. */
type Said = Outcome | 'next'

/** Runs a packet through a chain and those it leads to. `isEntry`: whoever returns from it has decided. */
export function walkChain(
  table: NftCompiledTable,
  chain: NftCompiledChain,
  packet: NftPacket,
  isEntry: boolean,
): Outcome {
  packet.steps.push(chain.entered)
  for (const rule of chain.rules) {
    if (!rule.matches.every((match) => match(packet))) continue
    const said = runStatement(table, rule, packet, isEntry)
    if (said !== 'next') return said
  }
  return 'end'
}

function runStatement(table: NftCompiledTable, rule: NftCompiledRule, packet: NftPacket, isEntry: boolean): Said {
  const { statement, step } = rule
  switch (statement.kind) {
    case 'jump':
    case 'goto':
      return follow(table, statement, packet, false)
    case 'vmap': {
      const found = rule.lookup?.(packet)
      const verdict = typeof found === 'object' ? found.verdict : undefined
      return verdict === undefined ? 'next' : follow(table, verdict, packet, true)
    }
    case 'mark-vmap': {
      const { mask, verdicts } = statement
      const found = verdicts.find(({ value }) => value === (packet.mark & mask) >>> 0)
      return found === undefined ? 'next' : follow(table, { kind: 'jump', chain: found.chain }, packet, true)
    }
    case 'limit':
      return runLimit(rule, packet, isEntry)
    case 'continue':
      packet.steps.push(step)
      return 'next'
    case 'set-mark': {
      packet.steps.push(step)
      packet.mark = ((packet.mark & ~statement.mask) | statement.value) >>> 0
      packet.marker = step.places.at(-1) ?? packet.marker
      return statement.verdict === undefined ? 'next' : decide(rule, packet, statement.verdict, isEntry)
    }
    default:
      packet.steps.push(step)
      return decide(rule, packet, statement.kind, isEntry)
  }
}

function follow(
  table: NftCompiledTable,
  { kind, chain: name }: { readonly kind: 'jump' | 'goto'; readonly chain: string },
  packet: NftPacket,
  isEntry: boolean,
): Said {
  const chain = table.chains.get(name)
  if (chain === undefined) return 'next'
  const outcome = walkChain(table, chain, packet, isEntry)
  return outcome === 'end' && kind === 'jump' ? 'next' : outcome
}

/**
 * A rule that stands for several is decided by the last of them. One of the frame that drops or rejects does so for the rule of a
 * filter that has set the mark.
 */
function decide(
  { step }: NftCompiledRule,
  packet: NftPacket,
  verdict: 'accept' | 'drop' | 'reject' | 'return',
  isEntry: boolean,
): Outcome {
  const own = step.places.at(-1)
  const isRefusal = verdict === 'drop' || verdict === 'reject'
  if (isRefusal) packet.by = own ?? packet.marker
  else if (own !== undefined && (verdict === 'accept' || isEntry)) packet.by = own
  return verdict === 'return' ? 'end' : verdict
}

/** Counts the connections under the key (nft_connlimit). A packet that shows no tuple is dropped. */
function runLimit(rule: NftCompiledRule, packet: NftPacket, isEntry: boolean): Said {
  const { statement, key, step } = rule
  const { frame, state } = packet
  if (statement.kind !== 'limit' || frame.ip === undefined) return 'next'
  const values = key.map((read) => read(packet))
  if (values.includes(undefined)) return 'next'
  const counted = state.counted.get(rule) ?? new Map<string, string[]>()
  state.counted.set(rule, counted)
  const { bytes, network } = frame
  const place = { counted, key: values.join(' '), connections: state.connections }
  const count = countOpen({ bytes, network, version: frame.ip.version }, packet.tracking, place)
  if (count !== undefined && count > statement.above === statement.negated) return 'next'
  packet.steps.push(step)
  return decide(rule, packet, count === undefined ? 'drop' : statement.verdict, isEntry)
}
