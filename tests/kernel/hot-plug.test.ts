import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DesiredStateInput } from '../../agent/link/contract.ts'
import { type Flow, openFlow } from '../support/flow.ts'
import { flowFrames } from '../support/flow-frames.ts'
import { bindingXml, desire, GUEST, type LabHost, openLabHost } from '../support/lab-host.ts'
import { GUESTS, makeGuests, makeNic, plugIn } from '../support/plug-nic.ts'
import { quietLab } from '../support/quiet-lab.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'

/**
 * Rules of NICs that do not exist yet stand in the kernel before them: whenever a NIC appears, already its first frame is judged.
 * Guests send as fast as they can from before their NIC is a port of the bridge.
 */

const NICS = Number(process.env.SLUICE_NICS ?? 40)
const SEED = seedOfRun(11)
/** So many appear at the same time. */
const LANES = 4
const BEFORE_MS = 20
const BEHIND_MS = 40

type Nic = { readonly portDevice: string; readonly mac: string; readonly ip: string }
const nic = (at: number): Nic => ({
  portDevice: `vnet${100 + at}`,
  mac: `52:54:00:01:${hex(at >> 8)}:${hex(at & 255)}`,
  ip: `192.0.${16 + (at >> 8)}.${at & 255}`,
})
const sound = Array.from({ length: NICS }, (_, at) => nic(at))
/** Their bindings name a filter that there is not: by what is asked for, and because they have no rules to keep, nothing passes. */
const broken = [nic(NICS), nic(NICS + 1)]
/** Without a binding everything passes, which shows that what is counted can be seen. */
const unbound = nic(NICS + 2)

let labHost: LabHost
let flow: Flow
beforeAll(async () => {
  labHost = await openLabHost('nftables', true)
  await quietLab(labHost.lab, { guestMac: GUEST.mac, learning: false, bridgeNetfilter: true })
  await makeGuests(labHost.lab)
  flow = openFlow(labHost.lab, 0)
  await flow.open({ name: 'outside', namespace: 'outside', device: 'eth0', listens: true })
})
afterAll(async () => {
  await flow?.close()
  labHost?.close()
})

test(
  `${NICS} NICs that appear at random moments`,
  async () => {
    const { host, lab } = labHost
    const random = makeRandom(SEED)
    const bindings: DesiredStateInput['bindings'] = [
      ...sound.map(({ portDevice, mac, ip }) => {
        return { portDevice, xml: bindingXml('clean-traffic', { IP: ip }, portDevice, mac) }
      }),
      ...broken.map(({ portDevice, mac, ip }, at) => {
        const whenBroken = at === 0 ? ('drop' as const) : ('keep' as const)
        return { portDevice, xml: bindingXml('not-there', { IP: ip }, portDevice, mac), whenBroken }
      }),
    ]
    const outcome = await host.install({ ...desire('clean-traffic'), bindings, clear: [] })
    expect(outcome).toMatchObject({ ok: true })
    if (!outcome.ok) return
    expect(outcome.broken.map(({ portDevice, effect }) => [portDevice, effect])).toEqual(
      broken.map(({ portDevice }) => [portDevice, 'dropped']),
    )

    const all = [...sound, ...broken, unbound]
    const queue = all.map((one) => ({ one, key: random.next() })).toSorted((a, b) => a.key - b.key)
    const joinedAt = new Map<string, number>()
    const plug = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const { one } = next
        await makeNic(lab, one.portDevice)
        await flow.open({ name: one.portDevice, namespace: GUESTS, device: one.portDevice, listens: false })
        await flow.send(flowFrames(one))
        await sleep(BEFORE_MS + random.below(BEFORE_MS))
        await plugIn(lab, one.portDevice)
        joinedAt.set(one.portDevice, Date.now())
        await sleep(BEHIND_MS)
        await flow.stop(one.portDevice)
      }
    }
    // Rules of another NIC are given anew all the time.
    let isPlugging = true
    const redefining = (async () => {
      let times = 0
      for (; isPlugging; times += 1) {
        const ip = [GUEST.ip, `192.0.2.${100 + (times % 100)}`]
        expect(await host.install(desire('clean-traffic', { IP: ip }))).toMatchObject({ ok: true })
        await sleep(random.below(40))
      }
      return times
    })()
    const start = performance.now()
    await Promise.all(Array.from({ length: LANES }, plug))
    const seconds = (performance.now() - start) / 1000
    isPlugging = false
    const times = await redefining

    const counts = await flow.tell()
    const of = (kind: string, { portDevice }: Nic) => {
      const found = counts.find((count) => count.kind === kind && count.from === portDevice)
      if (found === undefined) throw new Error(`nothing was sent by ${portDevice}`)
      return found
    }
    const sum = (nics: readonly Nic[], kind: string, what: 'sent' | 'arrived') =>
      nics.reduce((all, one) => all + of(kind, one)[what], 0)
    const early = sound.filter((one) => of('allowed', one).first <= (joinedAt.get(one.portDevice) ?? 0)).length
    console.log(
      `hot-plug: seed ${SEED}, ${NICS} NICs in ${seconds.toFixed(1)} s during ${times} installs; ` +
        `${sum(sound, 'forbidden', 'sent')} forbidden frames sent and ${sum(sound, 'forbidden', 'arrived')} passed, ` +
        `${sum(sound, 'allowed', 'arrived')} allowed ones passed, the first of ${early} NICs before “ip link set master” had ended; ` +
        `${sum(broken, 'allowed', 'sent')} frames of broken bindings and ${sum(broken, 'allowed', 'arrived')} passed; ` +
        `without a binding ${of('forbidden', unbound).arrived} of ${of('forbidden', unbound).sent}`,
    )
    expect(sound.filter((one) => of('forbidden', one).arrived > 0)).toEqual([])
    expect(sound.filter((one) => of('allowed', one).arrived === 0)).toEqual([])
    for (const one of broken) {
      expect(of('allowed', one)).toMatchObject({ arrived: 0 })
      expect(of('forbidden', one)).toMatchObject({ arrived: 0 })
    }
    // Frames were on their way when the NIC became a port, and forbidden ones are seen where nothing stops them.
    expect(early).toBeGreaterThan(NICS / 4)
    expect(of('forbidden', unbound).arrived).toBeGreaterThan(0)

    // Later nothing that is allowed is lost.
    for (const { portDevice } of sound) {
      await flow.open({ name: portDevice, namespace: GUESTS, device: portDevice, listens: false })
    }
    await flow.send(sound.flatMap(flowFrames))
    await sleep(300)
    const behind = await flow.tell()
    for (const { kind, from, sent, arrived } of behind.filter(({ from }) =>
      sound.some((one) => one.portDevice === from),
    )) {
      const before = counts.find((count) => count.kind === kind && count.from === from)
      const more = { sent: sent - (before?.sent ?? 0), arrived: arrived - (before?.arrived ?? 0) }
      expect({ kind, from, ...more }).toEqual({
        kind,
        from,
        sent: more.sent,
        arrived: kind === 'allowed' ? more.sent : 0,
      })
      expect(more.sent).toBeGreaterThan(0)
    }
    expect((await host.settled()).healing.drift).toBeNull()
  },
  120_000 + NICS * 1000,
)

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
