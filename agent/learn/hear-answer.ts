import { addLeases, type GivenLease } from './add-leases.ts'
import { isUsableIpv4 } from './is-usable-ipv4.ts'
import { type Asked, LEARN_LIMITS, type LearningDevice, type LearnState } from './learn-state.ts'
import { DHCP, type DhcpMessage } from './parse-dhcp.ts'
import { DHCPV6, type Dhcpv6Message } from './parse-dhcpv6.ts'
import { refusalOf } from './refusal-of.ts'
import { table } from './table.ts'
import { withAddresses } from './with-addresses.ts'

type Effect = (state: LearnState, device: LearningDevice) => LearnState
type Answer = { readonly said: DhcpMessage | Dhcpv6Message; readonly to: string }

/** What a server says to the guest: a lease, or that it has none. Only an answer to a question that the guest has asked counts. */
export function hearAnswer(device: LearningDevice, { said, to }: Answer, now: number): Effect | undefined {
  const { request } = device
  if (said.side !== 'server' || !isForGuest(said, to, device)) return undefined
  const asked = device.asked.find(
    ({ kind, id, at }) => kind === said.kind && id === said.id && now - at < LEARN_LIMITS.questionAge,
  )
  if (asked === undefined) return undefined
  const effect = said.kind === 'dhcp' ? effectOfDhcp(said, asked, now) : effectOfDhcpv6(said, now)
  if (effect === undefined) return undefined
  const refusal = refusalOf(request, asked, said, now)
  return (state, device) => {
    const devices = table.with(state.devices, request.portDevice, { ...device, refusal })
    return refusal === null ? effect({ ...state, devices }, device) : { ...state, devices }
  }
}

/** DHCPv4 is broadcast to many guests and names the one it is for; DHCPv6 goes to the one it is for. */
function isForGuest(said: Answer['said'], to: string, { request }: LearningDevice): boolean {
  if (said.kind === 'dhcp') return request.ipv4 !== 'none' && said.mac === request.mac
  return request.ipv6 === 'dhcp' && to === request.mac
}

function effectOfDhcp(said: DhcpMessage, asked: Asked, now: number): Effect | undefined {
  if (said.type === DHCP.nak) {
    const { address: refused } = asked
    return (state, { request: { key } }) =>
      withAddresses(state, key, (all) => all.filter(({ source, address }) => source !== 'dhcp' || address !== refused))
  }
  // The answer to INFORM has no address: the guest has chosen one, and the server does not look at it. RFC 2131 3.4.
  if (said.type !== DHCP.ack || asked.type === DHCP.inform) return undefined
  if (said.yourAddress === null || !isUsableIpv4(said.yourAddress)) return undefined
  const lifetime = said.lifetime ?? LEARN_LIMITS.lease / 1000
  const lease: GivenLease = { address: said.yourAddress, lifetime, source: 'dhcp', server: said.server ?? said.source }
  return (state, { request: { key } }) => addLeases(state, key, [lease], now)
}

function effectOfDhcpv6(said: Dhcpv6Message, now: number): Effect | undefined {
  if (said.type !== DHCPV6.reply || said.addresses.length === 0) return undefined
  const leases = said.addresses.map((lease) => ({ ...lease, source: 'dhcpv6', server: said.source }) as const)
  return (state, { request: { key } }) => addLeases(state, key, leases, now)
}
