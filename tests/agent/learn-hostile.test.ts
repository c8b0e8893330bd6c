import { expect, test } from 'vitest'
import { LEARN_LIMITS } from '../../agent/learn/learn-state.ts'
import { parseFrame } from '../../agent/learn/parse-frame.ts'
import { table } from '../../agent/learn/table.ts'
import { bytesOf, dhcpFrame, dhcpv6Frame, linkAddress, neighbourFrame } from '../support/dhcp-frames.ts'
import { arp, ethernet, ipv4 } from '../support/frames.ts'
import { LEARNER, learnRequest, OTHER_LEARNER, openLearning } from '../support/learning.ts'
import { makeRandom, type Random, seedOfRun } from '../support/random.ts'

/** Frames of a guest that means harm: whole, cut, and with bytes of its own. */

const MAC = LEARNER.mac
const RANDOM_FRAMES = 100_000
const DUID = '00030001525400000010'

const addresses = [{ address: '2001:db8::10', lifetime: 600 }]
const lease = { mac: MAC, yiaddr: '192.0.2.10', requested: '192.0.2.10', lifetime: 600, server: '192.0.2.1' }
const WHOLE = [
  ...[1, 3, 4, 7, 8].map((type) => dhcpFrame({ side: 'client', type, id: '0a0b0c0d', ...lease, ciaddr: '192.0.2.10' })),
  ...[2, 5, 6].map((type) => dhcpFrame({ side: 'server', type, id: '0a0b0c0d', ...lease, vlan: 4 })),
  ...[1, 3, 5, 8, 9].map((type) =>
    dhcpv6Frame({ side: 'client', type, id: '0a0b0c', duid: DUID, from: MAC, to: OTHER_LEARNER.mac, addresses }),
  ),
  dhcpv6Frame({ side: 'server', type: 7, id: '0a0b0c', duid: DUID, from: OTHER_LEARNER.mac, to: MAC, addresses }),
  neighbourFrame({ type: 'solicitation', from: MAC, target: 'fe80::10' }),
  neighbourFrame({ type: 'advertisement', from: MAC, target: 'fe80::10', options: linkAddress(2, MAC) }),
  ethernet({
    src: MAC,
    dst: OTHER_LEARNER.mac,
    type: '0806',
    payload: arp({ senderMac: MAC, senderIp: '192.0.2.10', targetIp: '192.0.2.1' }),
  }),
  ethernet({
    src: MAC,
    dst: OTHER_LEARNER.mac,
    type: '0800',
    payload: ipv4({ src: '192.0.2.10', dst: '192.0.2.1', protocol: 6, payload: '' }),
  }),
].map(bytesOf)

test('a frame that is cut anywhere is read or left aside', () => {
  for (const frame of WHOLE) {
    expect(parseFrame(frame)).toBeDefined()
    for (let length = 0; length < frame.length; length += 1) parseFrame(frame.subarray(0, length))
  }
})

test('random frames never make it throw, and never make it remember more than its bounds', () => {
  const seed = seedOfRun()
  console.log(`seed of hostile frames: ${seed}`)
  const random = makeRandom(seed)
  const learning = openLearning([
    learnRequest({ ipv4: 'any', ipv6: 'any' }),
    learnRequest({ ...OTHER_LEARNER, ipv6: 'dhcp' }),
  ])
  let largest = 0
  for (let n = 0; n < RANDOM_FRAMES; n += 1) {
    const frame = Buffer.from(draw(random)).toString('hex')
    const portDevice = random.pick(['vnet0', 'vnet1', 'vnet2'])
    if (random.chance(0.5)) learning.says(frame, portDevice)
    else learning.hears(frame, portDevice)
    if (random.chance(0.3)) learning.pass(random.next() * 2)
    if (n % 100 === 0) largest = Math.max(largest, JSON.stringify(learning.state()).length)
  }
  expect(largest).toBeLessThan(20_000)
  for (const [, known] of table.entries(learning.state().leases)) {
    expect(known.length).toBeLessThanOrEqual(LEARN_LIMITS.ipv4 + LEARN_LIMITS.ipv6 + LEARN_LIMITS.linkLocal)
    for (const { address } of known) expect(address).toMatch(/^[0-9a-f.:]+$/)
  }
})

test('a guest that asks without end is remembered by its last questions', () => {
  const learning = openLearning([learnRequest()])
  for (let n = 0; n < 1000; n += 1) {
    learning.pass(1)
    learning.says(dhcpFrame({ side: 'client', type: 1, id: n.toString(16).padStart(8, '0'), mac: MAC }))
  }
  const [[, device] = []] = table.entries(learning.state().devices)
  expect(device?.asked.map(({ id }) => Number.parseInt(id, 16))).toEqual([992, 993, 994, 995, 996, 997, 998, 999])
})

/** Random bytes, or a whole frame of which some bytes are others, or the end is missing. */
function draw(random: Random): Uint8Array {
  if (random.chance(0.2)) return Uint8Array.from({ length: random.below(120) }, () => random.below(256))
  const frame = Uint8Array.from(random.pick(WHOLE))
  for (let flips = random.below(4); flips > 0; flips -= 1) frame[random.below(frame.length)] = random.below(256)
  // Transactions and addresses vary, so that much is remembered.
  if (random.chance(0.5)) frame[random.pick([49, 61, 77, 84])] = random.below(256)
  return random.chance(0.2) ? frame.subarray(0, random.below(frame.length)) : frame
}
