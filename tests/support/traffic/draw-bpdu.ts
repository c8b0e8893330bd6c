import type { Random } from '../random.ts'
import type { Bpdu } from './frame-draft.ts'
import type { Scene } from './scene.ts'
import type { Sight } from './sight.ts'

const [CONFIGURATION, RAPID, TOPOLOGY_CHANGE] = [0, 2, 0x80]

/** Draws what a bridge says to others: mostly a configuration. */
export function drawBpdu(random: Random, scene: Scene, sight: Sight): Bpdu {
  const near = (name: string, most: number, usual: readonly number[]) =>
    sight.number(name, most, `${name}-hi`) ?? (random.chance(0.8) ? random.pick(usual) : random.below(most + 1))
  const type = sight.number('type', 0xff) ?? random.pick([CONFIGURATION, CONFIGURATION, RAPID, TOPOLOGY_CHANGE])
  return {
    // Half of those near a rule are such as the rule means, half such as it matches.
    isEarly: random.chance(sight.protocol === 'stp' ? 0.5 : 0.1),
    version: type === RAPID ? 2 : 0,
    type,
    flags: near('flags', 0xff, [0, 1, 0x80]),
    rootPriority: near('root-priority', 0xffff, [0x8000, 0x1000]),
    rootMac: sight.address('root-address') ?? random.pick([scene.outside.mac, random.pick(scene.macs)]),
    rootCost: near('root-cost', 0xffffffff, [0, 4, 19]),
    senderPriority: near('sender-priority', 0xffff, [0x8000, 0x1000]),
    senderMac: sight.address('sender-address') ?? random.pick([scene.outside.mac, random.pick(scene.macs)]),
    port: near('port', 0xffff, [0x8001, 0x8002]),
    // Times count in parts of 256 of a second.
    times: [
      near('age', 0xffff, [0, 256]),
      near('max-age', 0xffff, [20 * 256]),
      near('hello-time', 0xffff, [2 * 256]),
      near('forward-delay', 0xffff, [15 * 256]),
    ],
  }
}
