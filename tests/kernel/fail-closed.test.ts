import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { openHost } from '../../agent/host/host.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import type { BackendName, DesiredStateInput } from '../../agent/link/contract.ts'
import { out, STRANGER } from '../support/frames-of-guest.ts'
import { bindingXml, desire, GUEST, type LabHost, NEIGHBOUR, openLabHost } from '../support/lab-host.ts'
import { nftText } from '../support/nft-text.ts'

const GOOD = desire('clean-traffic', { IP: GUEST.ip })
const FORBIDDEN = [out.arp({ senderIp: STRANGER.ip }), out.ip({ srcIp: STRANGER.ip })]
const NEW_NEIGHBOUR = {
  portDevice: NEIGHBOUR.portDevice,
  xml: bindingXml('clean-traffic', { IP: NEIGHBOUR.ip }, NEIGHBOUR.portDevice),
}
/** Bindings of the first guest that cannot be compiled, each in a way of its own. */
const BROKEN = {
  'a variable without a value': bindingXml('no-ip-spoofing', { CTRL_IP_LEARNING: 'none' }),
  'a filter that is not there': bindingXml('no-such-filter'),
  'a binding that cannot be read': '<filterbinding><portdev name="vnet0"/>',
} as const

let labHost: LabHost
const open = async (backend: BackendName) => {
  labHost = await openLabHost(backend)
}
afterEach(() => labHost.close())

describe.each(['nftables', 'ebiptables'] as const)('%s', (backend) => {
  beforeEach(() => open(backend))

  test.each(Object.entries(BROKEN))('%s: the last good rules stay, and the others do not wait', async (_, xml) => {
    const { host, lab } = labHost
    expect(await host.install(GOOD)).toMatchObject({ ok: true })
    const outcome = await host.install({ ...GOOD, bindings: [{ portDevice: GUEST.portDevice, xml }, NEW_NEIGHBOUR] })
    expect(outcome).toMatchObject({
      ok: true,
      portDevices: [NEIGHBOUR.portDevice],
      broken: [{ portDevice: GUEST.portDevice, effect: 'kept', errors: expect.arrayContaining([expect.any(String)]) }],
    })
    const { portDevices, timeline } = await host.settled()
    const guest = portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)
    expect(guest).toMatchObject({
      lastApplied: { filter: 'clean-traffic' },
      broken: { effect: 'kept' },
      drift: 'in-sync',
    })
    expect(timeline.map(({ kind }) => kind)).toContain('broken')
    expect((await sendFrames(lab, FORBIDDEN)).flat()).toEqual([])
    expect((await sendFrames(lab, [out.ip()]))[0]).toContain('outside')
    // A binding that can be compiled again ends it.
    expect(await host.install(GOOD)).toMatchObject({ ok: true, broken: [] })
    expect((await host.settled()).portDevices.map(({ broken }) => broken)).toEqual([null, null, null])
  })

  test.each(Object.entries(BROKEN))('%s: nothing passes where that was chosen', async (_, xml) => {
    const { host, lab } = labHost
    expect(await host.install(GOOD)).toMatchObject({ ok: true })
    const outcome = await host.install({
      ...GOOD,
      bindings: [{ portDevice: GUEST.portDevice, xml, whenBroken: 'drop' }],
    })
    expect(outcome).toMatchObject({ ok: true, broken: [{ portDevice: GUEST.portDevice, effect: 'dropped' }] })
    expect((await sendFrames(lab, [out.ip(), out.arp(), ...FORBIDDEN])).flat()).toEqual([])
    await host.settled()
    // Asked for again it stays closed: what lets nothing pass is its last good state now.
    await host.install({ ...GOOD, bindings: [{ portDevice: GUEST.portDevice, xml }] })
    expect((await host.settled()).portDevices[0]?.broken).toMatchObject({ effect: 'dropped' })
    expect((await sendFrames(lab, [out.ip()])).flat()).toEqual([])
  })

  test('a device that is not there yet is closed, and one that runs without rules stays as it is, loudly', async () => {
    const { host, lab } = labHost
    const binding = (portDevice: string) => ({ portDevice, xml: bindingXml('no-such-filter', {}, portDevice) })
    const outcome = await host.install({ ...GOOD, bindings: [binding('vnet77'), binding(GUEST.portDevice)] })
    expect(outcome).toMatchObject({
      ok: true,
      broken: [
        { portDevice: 'vnet77', effect: 'dropped' },
        { portDevice: GUEST.portDevice, effect: 'open' },
      ],
    })
    expect((await sendFrames(lab, [out.ip()]))[0]).toContain('outside')
    const { portDevices, timeline } = await host.settled()
    expect(portDevices.map(({ portDevice, broken }) => [portDevice, broken?.effect])).toEqual([
      ['vnet0', 'open'],
      ['vnet1', undefined],
      ['vnet2', undefined],
      ['vnet77', 'dropped'],
    ])
    expect(timeline.at(-1)?.text).toMatch(/everything passes/)
  })

  test('names that no device can have refuse the whole change', async () => {
    const { host } = labHost
    for (const name of ['-rf', 'a b', 'a"b', 'x;y', '__proto__', 'constructor'])
      expect(
        await host.install({ ...GOOD, bindings: [{ portDevice: name, xml: '<x/>', whenBroken: 'drop' }] }),
      ).toMatchObject({
        ok: false,
        reason: 'input',
      })
  })
})

describe('memory', () => {
  beforeEach(() => open('nftables'))

  test('a damaged state is set aside, the rules stay, and no change may take away what nobody remembers', async () => {
    const { lab, enter, stateDir } = labHost
    expect(await labHost.host.install(both())).toMatchObject({ ok: true })
    await labHost.host.settled()
    labHost.host.close()
    const before = await nftText(enter)
    for (const name of ['state.json', 'state.json.previous']) writeFileSync(join(stateDir, name), '{"cut":')
    const host = openHost({ mode: 'lab', rootless: lab.rootless, stateDir, enter })
    await host.look()
    await host.watch('this start')
    expect(await nftText(enter)).toBe(before)
    expect(host.state().timeline).toMatchObject([
      { kind: 'memory', text: expect.stringContaining('state.json.damaged-') },
    ])
    // One of two: the other one would be open.
    expect(await host.install(GOOD)).toMatchObject({
      ok: false,
      reason: 'memory',
      message: expect.stringContaining('vnet1'),
    })
    expect(await nftText(enter)).toBe(before)
    expect(await host.install(both())).toMatchObject({ ok: true })
    expect((await host.settled()).portDevices.map(({ drift }) => drift)).toEqual(['in-sync', 'in-sync', 'none'])
    expect(await host.install(GOOD)).toMatchObject({ ok: true })
    host.close()
  })

  test('the copy before a damaged state is believed where the kernel proves it', async () => {
    const { lab, enter, stateDir } = labHost
    await labHost.host.install(both())
    await labHost.host.settled()
    labHost.host.persist()
    await labHost.host.setHealing({ kind: 'now' })
    labHost.host.persist()
    labHost.host.close()
    writeFileSync(join(stateDir, 'state.json'), '')
    const host = openHost({ mode: 'lab', rootless: lab.rootless, stateDir, enter })
    await host.look()
    expect(host.state().portDevices.map(({ drift }) => drift)).toEqual(['in-sync', 'in-sync', 'none'])
    expect(await host.install(GOOD)).toMatchObject({ ok: true })
    host.close()
  })
})

describe('the start of the system', () => {
  beforeEach(() => open('nftables'))

  test('the file for it makes the rules that were confirmed, and the agent makes sure', async () => {
    const { host, stateDir, lab } = labHost
    await host.watch('first start')
    await host.install(GOOD)
    await host.settled()
    const confirmed = host.state().generation
    const outcome = await host.install({ ...desire('allow-arp'), confirmWithin: 60 })
    expect(outcome).toMatchObject({ ok: true })
    host.persist()
    host.close()
    const script = readFileSync(join(stateDir, 'rules.nft'), 'utf8')
    const other = await createLab()
    try {
      const enter = enterHost(other)
      expect(await run(['nft', '-f', '-'], { enter, input: script })).toMatchObject({ status: 0, stderr: '' })
      // Nobody but nft was needed for it.
      expect((await sendFrames(other, FORBIDDEN)).flat()).toEqual([])
      const again = openHost({ mode: 'lab', rootless: lab.rootless, stateDir, enter })
      await again.look()
      await again.watch('second start')
      const { generation, windows, timeline, portDevices } = await again.settled()
      expect(generation).toBe(confirmed)
      expect(windows).toEqual([])
      expect(timeline.map(({ kind }) => kind)).toContain('rolled-back')
      expect(portDevices[0]).toMatchObject({ drift: 'in-sync', lastApplied: { filter: 'clean-traffic' } })
      expect((await sendFrames(other, FORBIDDEN)).flat()).toEqual([])
      again.close()
    } finally {
      removeLab(other)
    }
  })
})

function both(): DesiredStateInput {
  return { ...GOOD, bindings: [...GOOD.bindings, NEW_NEIGHBOUR] }
}
