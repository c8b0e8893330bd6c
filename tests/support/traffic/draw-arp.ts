import type { Random } from '../random.ts'
import type { Bytes } from './bytes.ts'
import type { ArpPacket } from './frame-draft.ts'
import type { Party, Scene, Way } from './scene.ts'
import type { Sight } from './sight.ts'

const NOBODY = { mac: [0, 0, 0, 0, 0, 0], ip: [0, 0, 0, 0] } as const

/** Draws an ARP or RARP packet: a question, an answer, an announcement, or something odd. */
export function drawArp(random: Random, scene: Scene, way: Way, sight: Sight, isReverse: boolean): ArpPacket {
  const { sender, receiver } = way
  const senderIp = sight.address('arpsrcipaddr') ?? drawIp(random, scene, sender)
  const usual = isReverse ? [3, 3, 4] : [1, 1, 2]
  const operation = random.chance(0.85) ? random.pick(usual) : random.pick([0, 5, 6, 7, 8, 9, 10, 255, 65535])
  const targetIp = random.chance(0.25) ? senderIp : drawIp(random, scene, receiver)
  const macs = [NOBODY.mac, NOBODY.mac, receiver.mac, sender.mac, random.pick(scene.macs)]
  return {
    hardware: sight.number('hwtype', 0xffff) ?? (random.chance(0.95) ? 1 : random.pick([0, 6, 256, 65535])),
    protocol: sight.number('protocoltype', 0xffff) ?? (random.chance(0.95) ? 0x800 : random.pick([0x806, 0x86dd, 0])),
    operation: sight.number('opcode', 0xffff) ?? operation,
    senderMac: sight.address('arpsrcmacaddr') ?? (random.chance(0.85) ? sender.mac : random.pick(scene.macs)),
    senderIp,
    targetMac: sight.address('arpdstmacaddr') ?? random.pick(macs),
    targetIp: sight.address('arpdstipaddr') ?? targetIp,
  }
}

function drawIp(random: Random, scene: Scene, party: Party): Bytes {
  if (random.chance(0.8)) return random.pick(party.ipv4)
  return random.pick([NOBODY.ip, random.pick(scene.ipv4)])
}
