import { type EbiptablesRuleset, finalChains, hookArguments } from '#engine'
import type { KernelChain } from '../link/contract.ts'
import { chainsOfDevice, hooksOfDevice } from '../reconcile/chains-of-device.ts'

/** What one device shall have; undefined stands for no filter at all. */
export type Wish = { readonly portDevice: string; readonly ruleset: EbiptablesRuleset | undefined }

/** Letters that a word of a transaction may hold: none of them ends a word or a line. */
const SAFE_WORD = /^[\w.:/!+-]+$/

/**
 * The input of one `ebtables-restore --noflush` that brings the devices from the live state to the wish: libvirt's final
 * chain names, nothing of anybody else's touched. ebtables-restore commits table by table, so a reader of packets sees all
 * of it or nothing. Returns an error for a word that could change the meaning of the text.
 */
export function planEbtables(
  wishes: readonly Wish[],
  live: readonly KernelChain[],
): { readonly text: string } | { readonly error: string } {
  const lines = wishes.flatMap((wish) => planDevice(wish, live))
  const unsafe = lines.flat().find((word) => !SAFE_WORD.test(word))
  if (unsafe !== undefined)
    return { error: `“${unsafe}” cannot be given to ebtables: letters, digits and _ . : / ! + - are allowed` }
  return { text: `*nat\n${lines.map((line) => `${line.join(' ')}\n`).join('')}` }
}

function planDevice({ portDevice, ruleset }: Wish, live: readonly KernelChain[]): readonly (readonly string[])[] {
  const wanted = ruleset === undefined ? [] : finalChains(ruleset)
  const exists = (name: string) => live.some((chain) => chain.name === name)
  const old = new Set([
    ...chainsOfDevice(live, portDevice).map(({ name }) => name),
    ...wanted.map(({ name }) => name).filter(exists),
  ])
  const hooks = (ruleset?.shape.sides ?? []).map((side) => hookArguments('final', side, portDevice))
  const liveHooks = hooksOfDevice(live, portDevice)
  const isHooked = (hook: readonly string[]) => liveHooks.includes(hook.join(' '))
  return [
    // A hook that stays keeps its place among the admin's own rules.
    ...liveHooks
      .filter((text) => !hooks.some((hook) => hook.join(' ') === text))
      .map((text) => ['-D', ...text.split(' ')]),
    ...[...old].map((name) => ['-F', name]),
    ...[...old].filter((name) => !wanted.some((chain) => chain.name === name)).map((name) => ['-X', name]),
    ...wanted.filter(({ name }) => !old.has(name)).map(({ name }) => ['-N', name]),
    ...wanted.flatMap(({ name, rules }) => rules.map(({ args }) => ['-A', name, ...args])),
    ...hooks.filter((hook) => !isHooked(hook)).map((hook) => ['-A', ...hook]),
  ]
}
