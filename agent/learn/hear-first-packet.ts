import { isUsableIpv4 } from './is-usable-ipv4.ts'
import type { LearnedAddress, LearningDevice, LearnState } from './learn-state.ts'
import type { ArpSender } from './parse-arp.ts'
import type { Ipv4Source } from './parse-frame.ts'
import { table } from './table.ts'
import { withAddresses } from './with-addresses.ts'

/**
 * The first address that a guest uses, once, where it may choose: that of an IPv4 packet, or of ARP, which a guest with an address of
 * its own sends before any packet. Undefined where it teaches nothing. Spec 7.3.
 */
export function hearFirstPacket(
  state: LearnState,
  { request, hasSpoken }: LearningDevice,
  said: Ipv4Source | ArpSender,
  now: number,
): ((state: LearnState, device: LearningDevice) => LearnState) | undefined {
  const { address } = said
  if (request.ipv4 !== 'any' || hasSpoken || address === null || !isUsableIpv4(address)) return undefined
  if (said.kind === 'arp' && said.mac !== request.mac) return undefined
  if (table.get(state.leases, request.key)?.some(({ family }) => family === 'ipv4')) return undefined
  const learned: LearnedAddress = {
    address,
    family: 'ipv4',
    source: 'first-packet',
    server: null,
    learnedAt: new Date(now).toISOString(),
    expiresAt: null,
  }
  return (state, device) => {
    const devices = table.with(state.devices, request.portDevice, { ...device, hasSpoken: true })
    return withAddresses({ ...state, devices }, request.key, (addresses) => [...addresses, learned])
  }
}
