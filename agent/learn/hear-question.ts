import { type Asked, LEARN_LIMITS, type LearnedAddress, type LearningDevice, type LearnState } from './learn-state.ts'
import { DHCP, type DhcpMessage } from './parse-dhcp.ts'
import { DHCPV6, type Dhcpv6Message } from './parse-dhcpv6.ts'
import { table } from './table.ts'
import { withAddresses } from './with-addresses.ts'

type Effect = (state: LearnState, device: LearningDevice) => LearnState

const QUESTIONS: Readonly<Record<Asked['kind'], readonly number[]>> = {
  dhcp: [DHCP.discover, DHCP.request, DHCP.inform],
  dhcpv6: [DHCPV6.solicit, DHCPV6.request, DHCPV6.renew, DHCPV6.rebind],
}

/**
 * What the guest says to its server: a question, which is remembered, or that it gives up a lease, which ends at once. RFC 2131 4.4,
 * RFC 8415 18.2.
 */
export function hearQuestion(
  { request }: LearningDevice,
  said: DhcpMessage | Dhcpv6Message,
  now: number,
): Effect | undefined {
  if (said.side !== 'client') return undefined
  if (said.kind === 'dhcp' ? request.ipv4 === 'none' || said.mac !== request.mac : request.ipv6 !== 'dhcp')
    return undefined
  if (QUESTIONS[said.kind].includes(said.type)) return (state, device) => remember(state, device, said, now)
  const given = givenUp(said)
  if (given.length === 0) return undefined
  return (state) =>
    withAddresses(state, request.key, (addresses) =>
      addresses.filter(({ source, address }) => source !== said.kind || !given.includes(address)),
    )
}

/** A client that asks again keeps its transaction id, and what was seen of answers to it. */
function remember(
  state: LearnState,
  device: LearningDevice,
  said: DhcpMessage | Dhcpv6Message,
  now: number,
): LearnState {
  const isSame = ({ kind, id }: Asked) => kind === said.kind && id === said.id
  const asked: Asked = {
    kind: said.kind,
    id: said.id,
    type: said.type,
    at: now,
    address: said.kind === 'dhcp' ? (said.requested ?? said.clientAddress) : null,
    forged: device.asked.find(isSame)?.forged ?? [],
  }
  const others = device.asked.filter((one) => !isSame(one) && now - one.at < LEARN_LIMITS.questionAge)
  const all = [...others, asked].slice(-LEARN_LIMITS.questions)
  return { ...state, devices: table.with(state.devices, device.request.portDevice, { ...device, asked: all }) }
}

function givenUp(said: DhcpMessage | Dhcpv6Message): readonly LearnedAddress['address'][] {
  if (said.kind === 'dhcpv6') {
    const isGivenUp = said.type === DHCPV6.release || said.type === DHCPV6.decline
    return isGivenUp ? said.addresses.map(({ address }) => address) : []
  }
  const address = said.type === DHCP.release ? said.clientAddress : said.type === DHCP.decline ? said.requested : null
  return address === null ? [] : [address]
}
