import { answerContent } from './answer-content.ts'
import { isAllowedServer } from './is-allowed-server.ts'
import { type Asked, LEARN_LIMITS, type LearnRequest } from './learn-state.ts'
import type { DhcpMessage } from './parse-dhcp.ts'
import type { Dhcpv6Message } from './parse-dhcpv6.ts'

/**
 * Why an answer is not taken, as a sentence; null where it is. Both addresses by which a DHCP server is known have to be named:
 * the one the packet comes from, which may be a relay's, and the one it says.
 */
export function refusalOf(
  { servers }: LearnRequest,
  { forged }: Asked,
  said: DhcpMessage | Dhcpv6Message,
  now: number,
): string | null {
  const family = said.kind === 'dhcp' ? 'ipv4' : 'ipv6'
  const names = said.kind === 'dhcp' ? [said.server, said.source] : [said.source]
  const stranger = names.find((name) => !isAllowedServer(servers, name, family))
  if (stranger === null) return `An answer of ${said.source} was refused: it does not say which server it is from.`
  if (stranger !== undefined) return `An answer of ${stranger} was refused: DHCPSERVER does not name it.`
  // A server that is named may be a guest of this host. That no other guest uses its address is up to the filters of those.
  const isNamed = !isAllowedServer(servers, null, family)
  if (isNamed) return null
  const recent = forged.filter(({ at }) => now - at < LEARN_LIMITS.forgedAge)
  const content = answerContent(said)
  // Who sends that many may have sent any.
  const mark = recent.length === LEARN_LIMITS.forgedAnswers ? recent[0] : recent.find((one) => one.content === content)
  if (mark === undefined) return null
  return `An answer of ${said.source} was refused: the guest behind ${mark.portDevice} sent it.`
}
