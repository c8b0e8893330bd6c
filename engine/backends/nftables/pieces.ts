import type { DiagnosticCode } from '../../diagnostics/registry.ts'
import type { Test } from '../../placement/condition.ts'
import type { NftField } from './nft-field.ts'
import type { NftMatch } from './ruleset.ts'

/** A comparison with values that differ between NICs: it becomes part of the key of a set. */
export type HolePiece = {
  readonly kind: 'hole'
  readonly field: NftField
  readonly negated: boolean
  readonly test: Test
}
/** One condition of a kernel rule. */
export type Piece = NftMatch | HolePiece

/** Kernel rules that together match what a rule of a filter does, each a list of conditions. None: it matches nothing. */
export type Alternatives = readonly (readonly Piece[])[]

/** Why nftables cannot say what a rule says. */
export type Refusal = { readonly kind: 'refusal'; readonly code: DiagnosticCode; readonly why: string }

/** A refusal, in words that continue “cannot be installed:”. */
export function refuse(code: DiagnosticCode, why: string): Refusal {
  return { kind: 'refusal', code, why }
}

/** Conditions that hold together: every way to meet the first with every way to meet the others. */
export function allOf(conditions: readonly Alternatives[]): Alternatives {
  return conditions.reduce<Alternatives>(
    (before, alternatives) => before.flatMap((left) => alternatives.map((right) => [...left, ...right])),
    [[]],
  )
}

/** One kernel rule with these conditions. */
export function one(...pieces: readonly Piece[]): Alternatives {
  return [pieces]
}

/** Matches nothing. */
export const NEVER: Alternatives = []

/** A field that has this value, or another. */
export function compare(field: NftField, value: string, op: '==' | '!=' = '=='): NftMatch {
  return { kind: 'compare', field, op, value }
}
