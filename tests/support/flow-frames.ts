import type { FlowFrame } from './flow.ts'
import { arp, BROADCAST, ethernet, ipv4, ping } from './frames.ts'
import { OUTSIDE } from './lab-host.ts'

/** Who sends, by its port device and its addresses. */
type Sender = { readonly portDevice: string; readonly mac: string; readonly ip: string }

const ICMP = 1

/**
 * What a guest with the filter clean-traffic may send, and what it may not: with a MAC address, an IP address, and in ARP addresses
 * that are not its own. No two guests send the same frame.
 */
export function flowFrames({ portDevice, mac, ip }: Sender): readonly FlowFrame[] {
  const foreign = { mac: mac.replace(/^52:54:00/, '52:54:99'), ip: ip.replace(/^192\.0/, '198.51') }
  const frame = (kind: string, hex: string): FlowFrame => ({ kind, from: portDevice, to: OUTSIDE.portDevice, hex })
  return [
    frame('allowed', packet({ mac, ip })),
    frame('forbidden', packet({ mac: foreign.mac, ip })),
    frame('forbidden', packet({ mac, ip: foreign.ip })),
    frame('allowed', question({ mac, ip })),
    frame('forbidden', question({ mac, ip: foreign.ip })),
    frame('forbidden', question({ mac, ip, senderMac: foreign.mac })),
  ]
}

/** A packet for the outside with an address that only some bindings give to the guest. */
export function frameWith(sender: Sender, ip: string, kind: string): FlowFrame {
  const hex = packet({ mac: sender.mac, ip })
  return { kind, from: sender.portDevice, to: OUTSIDE.portDevice, hex }
}

/** A packet that a guest gets from the outside. */
export function frameTo({ portDevice, mac, ip }: Sender): FlowFrame {
  const payload = ipv4({ src: OUTSIDE.ip, dst: ip, protocol: ICMP, payload: ping() })
  const hex = ethernet({ src: OUTSIDE.mac, dst: mac, type: '0800', payload })
  return { kind: 'allowed', from: OUTSIDE.portDevice, to: portDevice, hex }
}

function packet({ mac, ip }: Pick<Sender, 'mac' | 'ip'>): string {
  const payload = ipv4({ src: ip, dst: OUTSIDE.ip, protocol: ICMP, payload: ping() })
  return ethernet({ src: mac, dst: OUTSIDE.mac, type: '0800', payload })
}

function question({ mac, ip, senderMac = mac }: Pick<Sender, 'mac' | 'ip'> & { readonly senderMac?: string }): string {
  const payload = arp({ senderMac, senderIp: ip, targetIp: OUTSIDE.ip })
  return ethernet({ src: mac, dst: BROADCAST, type: '0806', payload })
}
