import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { builtinFilters } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { type Host, openHost } from '../../agent/host/host.ts'
import { enterGuest } from '../../agent/lab/lab.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import type { PortDeviceState } from '../../agent/link/contract.ts'
import { dhcpFrame } from '../support/dhcp-frames.ts'
import { addressesOf, type DhcpLab, openDhcpLab, whyNoDhcp } from '../support/dhcp-lab.ts'
import { ethernet, ipv4 } from '../support/frames.ts'
import { bindingXml, desire, GUEST, type LabHost, NEIGHBOUR, OUTSIDE, openLabHost } from '../support/lab-host.ts'

/** Addresses that are learned on the wire become elements of sets, with real servers and clients of DHCP. */

const missing = whyNoDhcp()
if (missing !== undefined) console.log(`skipped: rules for learned addresses, because ${missing}`)
const REAL = { timeout: 20_000, interval: 50 }

let labHost: LabHost
let host: Host
let dhcp: DhcpLab
beforeEach(async () => {
  labHost = await openLabHost('nftables', true)
  host = labHost.host
  dhcp = openDhcpLab(labHost.lab)
  const enter = enterGuest(labHost.lab, GUEST.portDevice)
  await run(['ip', '-4', 'address', 'flush', 'dev', 'eth0'], { enter })
})
afterEach(() => {
  dhcp.close()
  host.close()
  labHost.close()
})

const learning = (mode: 'any' | 'dhcp', more: Readonly<Record<string, string>> = {}, filter = 'clean-traffic') =>
  desire(filter, { CTRL_IP_LEARNING: mode, ...more })
const guest = (): PortDeviceState | undefined =>
  host.state().portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)
const addresses = () => guest()?.learning?.addresses.map(({ address }) => address)
/** Whether an IPv4 packet of the guest from this address gets out. */
const passes = async (address: string) => {
  const packet = ipv4({ src: address, dst: OUTSIDE.ip, protocol: 17, payload: '0035003500080000' })
  const hex = ethernet({ dst: OUTSIDE.mac, src: GUEST.mac, type: '0800', payload: packet })
  const [arrived = []] = await sendFrames(labHost.lab, [{ from: GUEST.portDevice, hex }])
  return arrived.includes('outside')
}
const handles = async () => {
  const { stdout } = await run(['nft', '-a', '-t', 'list', 'table', 'bridge', 'sluice'], { enter: labHost.enter })
  return stdout
    .split('\n')
    .filter((line) => /# handle/.test(line) && !/generation\./.test(line))
    .join('\n')
}

describe.skipIf(missing !== undefined)('mode dhcp', () => {
  beforeEach(() => dhcp.serve())

  test('nothing but DHCP passes before the lease, its address behind it, and nothing again after its release', async () => {
    expect(await host.install(learning('dhcp', { DHCPSERVER: OUTSIDE.ip }))).toMatchObject({ ok: true })
    await host.settled()
    expect(guest()?.learning).toMatchObject({ status: 'waiting' })
    expect(await passes('192.0.2.100')).toBe(false)
    const client = dhcp.startClient(GUEST.portDevice)
    await expect.poll(addresses, REAL).toHaveLength(1)
    const [address = ''] = addresses() ?? []
    await expect.poll(() => passes(address), REAL).toBe(true)
    expect(await passes('192.0.2.77')).toBe(false)
    expect(await addressesOf(labHost.lab, GUEST.portDevice)).toContain(address)
    await host.settled()
    expect(guest()).toMatchObject({
      drift: 'in-sync',
      learning: { status: 'learned', addresses: [{ source: 'dhcp', server: OUTSIDE.ip }] },
    })
    client.kill('SIGUSR2')
    await expect.poll(addresses, REAL).toEqual([])
    await expect.poll(() => passes(address), REAL).toBe(false)
    expect(
      host
        .state()
        .timeline.filter(({ kind }) => kind === 'learned')
        .map(({ text }) => text),
    ).toEqual([
      expect.stringMatching(/^vnet0 has 192\.0\.2\.\d+ \(by DHCP from 192\.0\.2\.1, until /),
      'vnet0 has no address any more, and its temporary rules again.',
    ])
  })

  test('a lease outlives the agent, and its rules stand from the first moment', async () => {
    await host.install(learning('dhcp'))
    dhcp.startClient(GUEST.portDevice)
    await expect.poll(addresses, REAL).toHaveLength(1)
    const [address = ''] = addresses() ?? []
    await expect.poll(() => passes(address), REAL).toBe(true)
    await host.settled()
    host.persist()
    host.close()
    expect(await passes(address)).toBe(true)
    const { lab, enter, stateDir } = labHost
    host = openHost({ mode: 'lab', rootless: lab.rootless, stateDir, enter })
    await host.look()
    await host.watch('this start')
    expect(addresses()).toEqual([address])
    await host.install(learning('dhcp'))
    await host.settled()
    expect(await passes(address)).toBe(true)
    expect(await passes('192.0.2.77')).toBe(false)
    expect(host.state().healing.drift).toBeNull()
  })

  test('a server that is not named gives no address, and the report says why', async () => {
    await host.install(learning('dhcp', { DHCPSERVER: '192.0.2.99' }))
    const client = dhcp.startClient(GUEST.portDevice)
    await sleep(3000)
    await host.settled()
    expect(addresses()).toEqual([])
    expect(await passes('192.0.2.100')).toBe(false)
    client.kill('SIGKILL')
  })
})

describe('answers of others', () => {
  const question = dhcpFrame({ side: 'client', type: 3, id: '0a0b0c0d', mac: GUEST.mac })
  const lease = { mac: GUEST.mac, lifetime: 600, server: OUTSIDE.ip, ethDst: GUEST.mac }
  const answer = (yiaddr: string) => dhcpFrame({ side: 'server', type: 5, id: '0a0b0c0d', yiaddr, ...lease })

  test('a spoofed one of another guest changes nothing; a second address is an element more, and no rule is touched', async () => {
    // What comes from a port with a filter of ours comes from a guest.
    const xml = bindingXml('clean-traffic', { IP: NEIGHBOUR.ip }, NEIGHBOUR.portDevice)
    const { bindings, ...rest } = learning('dhcp')
    await host.install({ ...rest, bindings: [...bindings, { portDevice: NEIGHBOUR.portDevice, xml }] })
    await host.settled()
    await sleep(500)
    const spoof = dhcpFrame({
      side: 'server',
      type: 5,
      id: '0a0b0c0d',
      yiaddr: '192.0.2.66',
      ...lease,
      ethSrc: NEIGHBOUR.mac,
    })
    await sendFrames(labHost.lab, [
      { from: GUEST.portDevice, hex: question },
      { from: NEIGHBOUR.portDevice, hex: spoof },
    ])
    await sleep(300)
    await host.settled()
    expect(addresses()).toEqual([])
    const give = (yiaddr: string) =>
      sendFrames(labHost.lab, [
        { from: GUEST.portDevice, hex: question },
        { from: 'outside', hex: answer(yiaddr) },
      ])
    await give('192.0.2.50')
    await expect.poll(addresses, REAL).toEqual(['192.0.2.50'])
    await expect.poll(() => passes('192.0.2.50'), REAL).toBe(true)
    await host.settled()
    const before = await handles()
    await give('192.0.2.51')
    await expect.poll(addresses, REAL).toEqual(['192.0.2.50', '192.0.2.51'])
    await expect.poll(() => passes('192.0.2.51'), REAL).toBe(true)
    expect(await passes('192.0.2.50')).toBe(true)
    expect(await passes('192.0.2.66')).toBe(false)
    expect(await handles()).toBe(before)
  })
})

describe('mode any', () => {
  test('the first address a guest uses is its own from then on', async () => {
    await host.install(learning('any'))
    await host.settled()
    await sleep(500)
    // Under libvirt's temporary rules IPv4 passes from any address.
    expect(await passes('192.0.2.10')).toBe(true)
    await expect.poll(addresses, REAL).toEqual(['192.0.2.10'])
    await expect.poll(() => passes('192.0.2.77'), REAL).toBe(false)
    expect(await passes('192.0.2.10')).toBe(true)
    expect(guest()?.learning?.addresses).toMatchObject([{ source: 'first-packet' }])
    // What was learned is not for a binding that asks for no learning: that one has no address.
    const none = desire('clean-traffic', { CTRL_IP_LEARNING: 'none' })
    expect(await host.install(none)).toMatchObject({ ok: false, reason: 'input', raw: expect.stringContaining('IP') })
    expect(await passes('192.0.2.10')).toBe(true)
    // A lease is another thing than a first packet, so the guest waits again, under the rules for that.
    expect(await host.install(learning('dhcp'))).toMatchObject({ ok: true })
    await host.settled()
    expect(await passes('192.0.2.10')).toBe(false)
  })
})

describe('IPv6', () => {
  let xml: string
  beforeAll(() => {
    xml = builtinFilters.find(({ name }) => name === 'no-ipv6-spoofing')?.xml ?? ''
    expect(xml).toContain('$IPV6')
  })
  afterAll(() => undefined)

  test('a guest that looks for duplicates of its address has it learned, and no other passes', async () => {
    const { lab } = labHost
    const inGuest = (command: readonly string[]) => run(command, { enter: enterGuest(lab, GUEST.portDevice) })
    await inGuest(['ip', '-6', 'address', 'flush', 'dev', 'eth0'])
    const xml = bindingXml('no-ipv6-spoofing', { CTRL_IPV6_LEARNING: 'any' })
    expect(
      await host.install({ ...desire('no-ipv6-spoofing'), bindings: [{ portDevice: GUEST.portDevice, xml }] }),
    ).toMatchObject({ ok: true })
    await host.settled()
    await sleep(500)
    await inGuest(['ip', 'address', 'add', '2001:db8::77/64', 'dev', 'eth0'])
    await expect.poll(addresses, REAL).toContain('2001:db8::77')
    const ping = async (from: string) =>
      (await inGuest(['ping', '-6', '-c', '1', '-W', '1', '-I', from, '2001:db8::1'])).status
    await expect.poll(() => ping('2001:db8::77'), REAL).toBe(0)
    await inGuest(['ip', 'address', 'add', '2001:db8::78/64', 'dev', 'eth0', 'nodad'])
    expect(await ping('2001:db8::78')).not.toBe(0)
  })
})
