import {
  compileBinding,
  modelOfEbiptables,
  modelOfNftables,
  modelOfRules,
  type NftablesRuleset,
  type Places,
  type TraceModel,
  type TraceVerdict,
} from '#engine'
import type { BoundFilter } from './compile-ruleset.ts'

/** A filter over its rules, over the arguments of ebtables and iptables, and over a ruleset of nftables. */
export type Models = Readonly<Record<'ruled' | 'commanded' | 'shared', TraceModel>>

const PLACES: Places = { lineOf: ({ entry }) => entry + 1, textOf: ({ filter, entry }) => `${filter} ${entry + 1}` }

/** All models of a bound filter; undefined where it does not compile. */
export function modelsOf(bound: BoundFilter, nft: NftablesRuleset): Models | undefined {
  const { value } = compileBinding({ ...bound, dialect: bound.dialect })
  if (value === undefined) return undefined
  return {
    ruled: modelOfRules([value], PLACES),
    commanded: modelOfEbiptables([value.ruleset], PLACES),
    shared: modelOfNftables(nft, PLACES),
  }
}

/** Whether a frame is a fragment that waits: the last one of its packet tells what becomes of it. */
export function isHeld(verdict: TraceVerdict | undefined): boolean {
  return verdict?.steps.some((step) => step.kind === 'note' && step.text.includes('waits for the others')) ?? false
}

/** Whether a limit of iptables drops a packet because it counts no connection that is open, which nftables does not. */
export function countsNone(verdict: TraceVerdict | undefined): boolean {
  return verdict?.steps.some((step) => step.kind === 'note' && step.text.startsWith('xt_connlimit drops')) ?? false
}

/** A rule of the IP layer whose comment is missing, which no tool takes. */
export function lacksComment({ ruleset }: BoundFilter): boolean {
  return ruleset.shape.ip.some(({ rules }) => rules.some(({ matches }) => matches.at(-1) === '--comment'))
}
