import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import { BACKENDS } from '../../agent/link/contract.ts'
import { out, STRANGER } from '../support/frames-of-guest.ts'
import { kernelText } from '../support/kernel-text.ts'
import { desire, GUEST, type LabHost, openLabHost } from '../support/lab-host.ts'
import { nftText } from '../support/nft-text.ts'
import { silenceIpv6 } from '../support/silence-ipv6.ts'

const FORBIDDEN = [out.arp({ senderIp: STRANGER.ip }), out.ip({ srcIp: STRANGER.ip }), out.ip({ src: STRANGER.mac })]
const ROUNDS = 12
const FRAMES_A_ROUND = 600
const LEAST_EXCHANGES = 20

describe.each(BACKENDS)('%s', (backend) => {
  let labHost: LabHost
  beforeAll(async () => {
    labHost = await openLabHost(backend)
    await silenceIpv6(labHost.lab)
  })
  afterAll(() => labHost.close())

  test('while rules are exchanged no forbidden frame slips through', async () => {
    const states = [
      desire('clean-traffic', { IP: GUEST.ip }),
      desire('clean-traffic', { IP: [GUEST.ip, '192.0.2.110'] }),
    ]
    for (const state of states) expect(await labHost.host.install(state)).toMatchObject({ ok: true })
    let installs = 0
    let isDone = false
    const exchanging = (async () => {
      for (; !isDone; installs += 1) await labHost.host.install(states[installs % 2] ?? desire('clean-traffic'))
    })()
    const through: string[] = []
    // Without many exchanges in that time the test would show nothing.
    for (let round = 0; round < ROUNDS || installs <= LEAST_EXCHANGES; round += 1) {
      const frames = Array.from({ length: FRAMES_A_ROUND }, (_, at) => FORBIDDEN[at % FORBIDDEN.length] ?? out.arp())
      const arrived = await sendFrames(labHost.lab, frames)
      through.push(...arrived.flat())
    }
    isDone = true
    await exchanging
    expect(through).toEqual([])
  })

  test('a refused transaction leaves rules, counters and reports as they were, and tells the words of the tool', async () => {
    expect(await labHost.host.install(desire('clean-traffic', { IP: GUEST.ip }))).toMatchObject({ ok: true })
    const before = await everything()
    const applied = await stateOfGuest()
    const own = {
      refused: `<filter name='refused' chain='root'><rule action='drop' direction='out'><ip protocol='tcp' dstportstart='$PORT'/></rule></filter>`,
    }
    const outcome = await labHost.host.install(desire('refused', { PORT: 'nosuchport' }, own))
    // What libvirt would pass on to ebtables is no value for nftables in the first place.
    expect(outcome).toMatchObject({ ok: false, reason: backend === 'nftables' ? 'input' : 'kernel' })
    expect(outcome.ok ? '' : outcome.raw).toMatch(/port/i)
    expect(await everything()).toBe(before)
    await labHost.host.look()
    expect(await stateOfGuest()).toEqual(applied)
  })

  test('what other people put into the tables stays', async () => {
    const foreign = ['ebtables', '-t', 'nat', '-A', 'PREROUTING', '-i', 'foreign0', '-j', 'DROP']
    expect(await run(foreign, { enter: labHost.enter })).toMatchObject({ status: 0 })
    await labHost.host.install(desire('no-mac-spoofing'))
    await labHost.host.install({ filters: [], bindings: [], clear: [GUEST.portDevice] })
    expect(await kernelText(labHost.enter)).toContain('-i foreign0 -j DROP')
  })

  /** What either backend has in the kernel. */
  async function everything() {
    return `${await kernelText(labHost.enter)}\n${await nftText(labHost.enter)}`
  }

  async function stateOfGuest() {
    const { portDevices } = await labHost.host.settled()
    const device = portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)
    return { lastApplied: device?.lastApplied, drift: device?.drift, counters: device?.counters }
  }
})
