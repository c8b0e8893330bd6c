import { chainParts, ipChainParts } from './chain-names.ts'
import { IP_SIDES, type IpTool, printEthernetUnlink, printIpUnlink, SIDES } from './print-links.ts'
import { type Command, ebtables, iptables, type Words, wordsOfDevice } from './words.ts'

const TOOLS: readonly IpTool[] = ['iptables', 'ip6tables']

/** Removes the new generation again when its installation failed (tearNewRules). Spec 5.4. */
export function printTearNew(portDevice: string): readonly Command[] {
  const words = wordsOfDevice(portDevice)
  return [
    ...TOOLS.flatMap((tool) => printIpUnlink(words, tool, 'temporary')),
    ...printEthernetUnlink(words, 'temporary'),
  ]
}

/** Removes the old generation and gives the new one its final names (tearOldRules). Spec 5.4. */
export function printTearOld(portDevice: string): readonly Command[] {
  const words = wordsOfDevice(portDevice)
  return [
    ...TOOLS.flatMap((tool) => [...printIpUnlink(words, tool, 'final'), ...renameIp(words, tool)]),
    ...printEthernetUnlink(words, 'final'),
    ...SIDES.map((side) => ebtables('-L', words.chain(chainParts('temporary', side, 'root')))),
    ...SIDES.map((side) => renameRoot(words, side)),
  ]
}

/** Removes whatever a device may have, in both generations (allTeardown). Spec 5.4. */
export function printTeardown(portDevice: string): readonly Command[] {
  const words = wordsOfDevice(portDevice)
  return [
    ...printTearNew(portDevice),
    ...TOOLS.flatMap((tool) => printIpUnlink(words, tool, 'final', true)),
    ...printEthernetUnlink(words, 'final'),
  ]
}

/** Removes the rules that stood while an address was learned (removeBasicRules). Spec 5.4. */
export function printRemoveBasicRules(portDevice: string): readonly Command[] {
  const words = wordsOfDevice(portDevice)
  return [...printEthernetUnlink(words, 'final'), ...printEthernetUnlink(words, 'temporary')]
}

/** The Ethernet layer's root chain of the new generation takes its final name. */
export function renameRoot<Word>(words: Words<Word>, side: (typeof SIDES)[number]) {
  return ebtables(
    '-E',
    words.chain(chainParts('temporary', side, 'root')),
    words.chain(chainParts('final', side, 'root')),
  )
}

function renameIp(words: Words<string>, tool: IpTool): readonly Command[] {
  return IP_SIDES.map((side) =>
    iptables(tool, '-E', words.chain(ipChainParts('temporary', side)), words.chain(ipChainParts('final', side))),
  )
}
