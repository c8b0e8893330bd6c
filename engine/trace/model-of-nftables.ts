import type { NftablesRuleset, NftRule } from '../backends/nftables/ruleset.ts'
import { readFrame } from './frame/read-frame.ts'
import { readHex } from './frame/read-hex.ts'
import { compileTable } from './nftables/compile-table.ts'
import type { NftPacket } from './nftables/nft-packet.ts'
import { type HookHost, hooksOf, passHooks } from './nftables/pass-hooks.ts'
import { NOTES } from './notes.ts'
import { emptyState, type HostState } from './pass-layers.ts'
import type { Places, TraceFrame, TraceModel, TraceStep, TraceVerdict } from './trace.ts'

const ETHERNET_HEADER = 14
const versionOf = (family: 'ip' | 'ip6') => (family === 'ip' ? 4 : 6)

/** The tables of nftables at the hooks of the kernel. A device that they do not know lets everything pass. */
export function modelOfNftables({ tables, bridgeNetfilter }: NftablesRuleset, places: Places): TraceModel {
  const tracking = tables.filter(({ chains }) => chains.some(({ rules }) => rules.some(asksForConnections)))
  const host: HookHost = {
    hooks: hooksOf(tables.map((table) => compileTable(table, places))),
    bridgeNetfilter: new Set(bridgeNetfilter.map(versionOf)),
    tracked: new Set(tracking.flatMap(({ family }) => (family === 'bridge' ? [] : [versionOf(family)]))),
    tracksInBridge: tracking.some(({ family }) => family === 'bridge'),
  }
  return {
    start: () => {
      const state = emptyState()
      return (frame) => passFrame(host, state, frame)
    },
  }
}

function asksForConnections({ matches, statement }: NftRule): boolean {
  return statement.kind === 'limit' || matches.some(({ kind }) => kind === 'ct-state' || kind === 'ct-direction')
}

function passFrame(host: HookHost, state: HostState, { portDevice, direction, hex }: TraceFrame): TraceVerdict {
  const bytes = readHex(hex)
  if (bytes === undefined || bytes.length < ETHERNET_HEADER)
    return { verdict: 'not-modelled', by: null, steps: [NOTES.noFrame] }
  const steps: TraceStep[] = []
  const packet: NftPacket = {
    frame: readFrame(bytes),
    portDevice,
    direction,
    mark: 0,
    iifname: '',
    oifname: '',
    tracking: undefined,
    state,
    steps,
    by: null,
    marker: null,
  }
  const verdict = passHooks(host, packet)
  return { verdict, by: packet.by, steps }
}
