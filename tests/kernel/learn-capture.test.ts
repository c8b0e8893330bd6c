import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterGuest, enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import { type Capture, openCapture, type WatchedDevice } from '../../agent/learn/capture.ts'
import { learn } from '../../agent/learn/learn.ts'
import { EMPTY_LEARN_STATE, type LearnEvent, type LearnRequest } from '../../agent/learn/learn-state.ts'
import { learningView } from '../../agent/learn/learning-view.ts'
import { type DhcpFrame, dhcpFrame, SERVER_MAC } from '../support/dhcp-frames.ts'
import { addressesOf, type DhcpLab, openDhcpLab, whyNoDhcp } from '../support/dhcp-lab.ts'
import { BROADCAST, ethernet, ipv4 } from '../support/frames.ts'
import { GUEST, NEIGHBOUR } from '../support/lab-host.ts'
import { learnRequest } from '../support/learning.ts'

/** Learning from what is really on the wire: Debian's servers and clients of DHCP, and guests that forge. */

const missing = whyNoDhcp()
if (missing !== undefined) console.log(`skipped: learning from real servers, because ${missing}`)
const REAL = { timeout: 20_000, interval: 50 }
const BOTH = [GUEST, NEIGHBOUR].map(({ portDevice }) => ({ portDevice, firstPacket: false }))

let lab: Lab
let dhcp: DhcpLab
let capture: Capture
let heard: { readonly portDevice: string; readonly direction: string; readonly hex: string }[]
let ended: string[]
/** The machine that learns from the capture; its clock may be ahead. */
let state = EMPTY_LEARN_STATE
let ahead = 0

const now = () => Date.now() + ahead
const take = (event: LearnEvent) => {
  state = learn(state, event, now()).state
}
const view = (portDevice: string = GUEST.portDevice) => learningView(state, portDevice, now())
const addresses = () => view().addresses.map(({ address }) => address)
const inGuest = (command: readonly string[], guest: string = GUEST.portDevice) =>
  run(command, { enter: enterGuest(lab, guest) })
const heardAt = (portDevice: string, direction: string) =>
  heard.filter((frame) => frame.portDevice === portDevice && frame.direction === direction)

beforeAll(async () => {
  lab = await createLab()
  dhcp = openDhcpLab(lab)
  // Only what a client gets is an address here.
  await inGuest(['ip', '-4', 'address', 'flush', 'dev', 'eth0'])
  await inGuest(['ip', '-6', 'address', 'flush', 'dev', 'eth0', 'scope', 'global'])
  // Guests find out whether anybody else has their link-local addresses, which is heard, and keeps a client from asking.
  const tentative = ['ip', '-6', 'address', 'show', 'dev', 'eth0', 'tentative']
  for (const { portDevice } of BOTH) while ((await inGuest(tentative, portDevice)).stdout !== '') await sleep(50)
})
afterAll(() => {
  dhcp.close()
  removeLab(lab)
})
beforeEach(() => {
  ;[heard, ended, state, ahead] = [[], [], EMPTY_LEARN_STATE, 0]
  capture = openCapture({
    enter: enterHost(lab),
    onFrame: (portDevice, direction, frame) => {
      heard.push({ portDevice, direction, hex: Buffer.from(frame).toString('hex') })
      take({ kind: 'frame', portDevice, direction, frame })
    },
    onEnd: (said) => ended.push(said),
  })
})
afterEach(() => {
  capture.close()
  expect(ended).toEqual([])
})

/** Learns for the first guest, and hears these. */
async function begin(request: Partial<LearnRequest> = {}, watched: readonly WatchedDevice[] = BOTH): Promise<void> {
  take({ kind: 'requests', requests: [learnRequest({ ...GUEST_REQUEST, ...request })] })
  await watch(watched)
}
const GUEST_REQUEST = { portDevice: GUEST.portDevice, mac: GUEST.mac }

/** Hears these from when this returns: a question that is asked again and again until it is heard is none of the test's. */
async function watch(watched: readonly WatchedDevice[]): Promise<void> {
  capture.watch(watched)
  const probe = { from: watched[0]?.portDevice ?? '', hex: question({ id: 'ffffffff' }) }
  await expect
    .poll(async () => {
      await sendFrames(lab, [probe])
      return heard.length
    }, REAL)
    .toBeGreaterThan(0)
  heard.length = 0
}

const question = (more: Partial<DhcpFrame> = {}) =>
  dhcpFrame({ side: 'client', type: 3, id: '0a0b0c0d', mac: GUEST.mac, ...more })
const answer = (more: Partial<DhcpFrame> = {}) => {
  const lease = { mac: GUEST.mac, yiaddr: '192.0.2.50', lifetime: 600, server: '192.0.2.1' }
  return dhcpFrame({ side: 'server', type: 5, id: '0a0b0c0d', ...lease, ethDst: GUEST.mac, ...more })
}
const ask = () => ({ from: GUEST.portDevice, hex: question() })

/** Every perl in the namespace of the lab. */
function perls(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const namespace = readlinkSync(`/proc/${pid}/ns/net`)
        return (
          readFileSync(`/proc/${pid}/comm`, 'utf8') === 'perl\n' &&
          namespace === readlinkSync(`/proc/${lab.pid}/ns/net`)
        )
      } catch {
        // It has ended since it was listed.
        return false
      }
    })
}

describe.skipIf(missing !== undefined)('real servers and clients', () => {
  beforeAll(() => dhcp.serve())

  test('a lease is learned, renewed, and ends when the guest releases it', async () => {
    await begin({ servers: ['192.0.2.1'] })
    const client = dhcp.startClient(GUEST.portDevice)
    await expect.poll(addresses, REAL).toHaveLength(1)
    await expect.poll(() => addressesOf(lab, GUEST.portDevice), REAL).toEqual(addresses())
    const [lease] = view().addresses
    expect(lease).toMatchObject({ source: 'dhcp', server: '192.0.2.1' })
    const end = Date.parse(lease?.expiresAt ?? '')
    expect(Math.abs(end - Date.now() - 120_000)).toBeLessThan(10_000)

    await sleep(20)
    client.kill('SIGUSR1')
    await expect.poll(() => Date.parse(view().addresses[0]?.expiresAt ?? ''), REAL).toBeGreaterThan(end)
    expect(addresses()).toEqual([lease?.address])

    client.kill('SIGUSR2')
    await expect.poll(addresses, REAL).toEqual([])
    expect(view().status).toBe('waiting')
    client.kill('SIGKILL')
  })

  test('a lease that nobody renews ends', async () => {
    await begin()
    const client = dhcp.startClient(GUEST.portDevice)
    await expect.poll(addresses, REAL).toHaveLength(1)
    client.kill('SIGKILL')
    ahead = 110_000
    take({ kind: 'tick' })
    expect(view().status).toBe('learned')
    ahead = 121_000
    take({ kind: 'tick' })
    expect(view()).toMatchObject({ status: 'waiting', addresses: [] })
  })

  test('a lease of a server that is not named is not learned, and the admin is told', async () => {
    await begin({ servers: ['192.0.2.99'] })
    const client = dhcp.startClient(GUEST.portDevice)
    await expect.poll(() => view().note, REAL).toBe('An answer of 192.0.2.1 was refused: DHCPSERVER does not name it.')
    expect(addresses()).toEqual([])
    client.kill('SIGKILL')
  })

  test('a lease of DHCPv6 is learned', async () => {
    await begin({ ipv4: 'none', ipv6: 'dhcp' })
    const client = dhcp.startClient6(GUEST.portDevice)
    await expect.poll(addresses, REAL).toHaveLength(1)
    await expect.poll(() => addressesOf(lab, GUEST.portDevice), REAL).toContain(addresses()[0])
    expect(view().addresses).toMatchObject([{ source: 'dhcpv6', family: 'ipv6' }])
    client.kill('SIGKILL')
  })
})

describe('answers', () => {
  test('a second address stands beside the first', async () => {
    await begin()
    const second = answer({ yiaddr: '192.0.2.51' })
    await sendFrames(lab, [ask(), { from: 'outside', hex: answer() }, ask(), { from: 'outside', hex: second }])
    await expect.poll(addresses, REAL).toEqual(['192.0.2.50', '192.0.2.51'])
  })

  test('one that another guest sent is refused, that of the server is not', async () => {
    await begin()
    const spoof = answer({ yiaddr: '192.0.2.66', ethSrc: NEIGHBOUR.mac })
    await sendFrames(lab, [ask(), { from: NEIGHBOUR.portDevice, hex: spoof }])
    await expect
      .poll(() => view().note, REAL)
      .toBe('An answer of 192.0.2.1 was refused: the guest behind vnet1 sent it.')
    expect(addresses()).toEqual([])
    await sendFrames(lab, [{ from: 'outside', hex: answer() }])
    await expect.poll(addresses, REAL).toEqual(['192.0.2.50'])
  })

  test('one hidden behind many others is refused, too', async () => {
    await begin()
    const many = Array.from({ length: 100 }, () => ({
      from: NEIGHBOUR.portDevice,
      hex: answer({ yiaddr: '192.0.2.77', ethDst: SERVER_MAC, ethSrc: NEIGHBOUR.mac }),
    }))
    const spoof = answer({ yiaddr: '192.0.2.66', ethSrc: NEIGHBOUR.mac })
    await sendFrames(lab, [ask(), ...many, { from: NEIGHBOUR.portDevice, hex: spoof }])
    await expect.poll(() => view().note, REAL).toContain('the guest behind vnet1 sent it')
    expect(addresses()).toEqual([])
  })

  test('one that was not asked for does not leave the capture', async () => {
    await begin()
    await sendFrames(lab, [{ from: 'outside', hex: answer({ id: '00000099' }) }, ask()])
    await expect.poll(() => heardAt(GUEST.portDevice, 'from-guest'), REAL).toHaveLength(1)
    expect(heardAt(GUEST.portDevice, 'to-guest')).toEqual([])
  })

  test('a question with a VLAN tag, and its answer', async () => {
    await begin()
    const frames = [
      { from: GUEST.portDevice, hex: question({ vlan: 7 }) },
      { from: 'outside', hex: answer({ vlan: 7 }) },
    ]
    await sendFrames(lab, frames)
    await expect.poll(addresses, REAL).toEqual(['192.0.2.50'])
  })
})

describe('what a guest says by itself', () => {
  test('duplicate address detection', async () => {
    await begin({ ipv4: 'none', ipv6: 'any' })
    await inGuest(['ip', '-6', 'address', 'add', '2001:db8::77/64', 'dev', 'eth0'])
    await expect.poll(addresses, REAL).toContain('2001:db8::77')
    await inGuest(['ip', '-6', 'address', 'del', '2001:db8::77/64', 'dev', 'eth0'])
  })

  test('the first packet, where it is waited for', async () => {
    const packet = ethernet({
      src: GUEST.mac,
      dst: BROADCAST,
      type: '0800',
      payload: ipv4({ src: '192.0.2.10', dst: '192.0.2.1', protocol: 6, payload: '00'.repeat(1000) }),
    })
    await begin({ ipv4: 'any' })
    await sendFrames(lab, [{ from: GUEST.portDevice, hex: packet }, ask()])
    await expect.poll(() => heard.length, REAL).toBe(1)
    expect(view().status).toBe('waiting')
    await watch([{ ...GUEST_REQUEST, firstPacket: true }])
    await sendFrames(lab, [{ from: GUEST.portDevice, hex: packet }])
    await expect.poll(addresses, REAL).toEqual(['192.0.2.10'])
    // Its headers are enough.
    expect(heard.find(({ hex }) => hex.length === 256)).toBeDefined()
  })

  test('a guest that sends without end is told of now and then', async () => {
    await begin({ ipv4: 'any' }, [{ ...GUEST_REQUEST, firstPacket: true }])
    const packet = ethernet({
      src: NEIGHBOUR.mac,
      dst: SERVER_MAC,
      type: '0800',
      payload: ipv4({ src: '192.0.2.10', dst: '192.0.2.1', protocol: 6, payload: '' }),
    })
    const from = Date.now()
    await sendFrames(lab, Array(2000).fill({ from: GUEST.portDevice, hex: packet }))
    await sendFrames(lab, [ask()])
    await expect.poll(() => heard.at(-1)?.hex, REAL).toBe(question().padEnd(120, '0'))
    const seconds = Math.ceil((Date.now() - from) / 1000) + 1
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.length).toBeLessThanOrEqual(40 * seconds + 1)
  })
})

describe('devices', () => {
  test('come and go under their names, which may be any', async () => {
    const enter = enterHost(lab)
    const name = '"$(id)`;\\é'
    await begin({ portDevice: name }, [...BOTH, { portDevice: name, firstPacket: false }])
    for (let round = 0; round < 2; round += 1) {
      heard.length = 0
      const link = ['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'peer0']
      expect(await run(link, { enter })).toMatchObject({ status: 0 })
      for (const device of [name, 'peer0']) await run(['ip', 'link', 'set', device, 'up'], { enter })
      await run(['ip', 'address', 'add', '198.51.100.1/24', 'dev', 'peer0'], { enter })
      // The kernel's own words: duplicate address detection of the new device.
      await expect.poll(() => heardAt(name, 'from-guest').length, REAL).toBeGreaterThan(0)
      await run(['ip', 'link', 'del', name], { enter })
    }
  })

  test('that cannot be are left aside', async () => {
    const impossible = ['', 'a\nvnet1=1', 'longer than any name', 'vnet1\0', '../..'].map((portDevice) => ({
      portDevice,
      firstPacket: true,
    }))
    await watch([...BOTH.slice(0, 1), ...impossible])
    const packet = { from: NEIGHBOUR.portDevice, hex: question({ mac: NEIGHBOUR.mac }) }
    await sendFrames(lab, [packet, ask()])
    await expect.poll(() => heard.length, REAL).toBe(1)
    expect(heardAt(NEIGHBOUR.portDevice, 'from-guest')).toEqual([])
  })

  test('without any to hear there is no process', async () => {
    expect(perls()).toEqual([])
    await watch(BOTH)
    expect(perls()).toHaveLength(1)
    capture.watch([])
    await expect.poll(perls, REAL).toEqual([])
    await watch(BOTH)
    capture.close()
    await expect.poll(perls, REAL).toEqual([])
  })

  test('a capture that is killed says so, and is started again', async () => {
    await watch(BOTH)
    process.kill(Number(perls()[0]), 'SIGKILL')
    await expect.poll(() => ended.length, REAL).toBe(1)
    ended.length = 0
    await watch(BOTH)
  })
})
