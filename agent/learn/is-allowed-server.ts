import { addressText } from './address-text.ts'

/**
 * DHCPSERVER names this server, or names none of its family: who lists servers of DHCPv4 has said nothing about DHCPv6. An
 * entry that is no address counts as IPv4, so that a list that cannot be read does not let everybody in.
 */
export function isAllowedServer(servers: readonly string[], server: string | null, family: 'ipv4' | 'ipv6'): boolean {
  const known = servers.map((text) => addressText.canonical(text) ?? text)
  const named = known.filter((text) => text.includes(':') === (family === 'ipv6'))
  return named.length === 0 || (server !== null && named.includes(server))
}
