import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import { bindingXml, desire, GUEST, type LabHost, NEIGHBOUR, openLabHost } from '../support/lab-host.ts'
import { whyNoPair } from '../support/lab-pair.ts'
import { packetOut } from '../support/trace-packets.ts'

/** Limits of connections as the agent installs them: for each NIC by itself, counted where they are, and missed when they are gone. */

const FILTER = `<filter name='few'><rule action='drop' direction='out'><tcp connlimit-above='2'/></rule></filter>`
/** Nobody answers there, so that connections stay as they are. */
const NOBODY = '192.0.2.77'

const missing = await whyNoPair()
if (missing !== undefined) console.log(`skipped: limits of connections on a host, because ${missing}`)
const testHere = test.skipIf(missing !== undefined)

let labHost: LabHost
beforeAll(async () => {
  labHost = await openLabHost('nftables')
})
afterAll(() => labHost.close())

/** The first packets of connections from a guest, each from a port of its own: whether they get through. */
async function open(
  count: number,
  { portDevice, mac, ip }: { portDevice: string; mac: string; ip: string },
  firstPort = 2000,
) {
  const frames = Array.from({ length: count }, (_, at) => {
    const { hex } = packetOut({ srcPort: firstPort + at, dstPort: 80, flags: 'SYN', src: ip, dst: NOBODY, srcMac: mac })
    return { from: portDevice, hex }
  })
  const arrived = await sendFrames(labHost.lab, frames)
  return arrived.map((places) => places.includes('outside'))
}

testHere('each NIC has its own count, and what is above it shows at its rule', async () => {
  const { filters, bindings } = desire('few', {}, { few: FILTER })
  const both = [...bindings, { portDevice: NEIGHBOUR.portDevice, xml: bindingXml('few', {}, NEIGHBOUR.portDevice) }]
  expect(await labHost.host.install({ filters, bindings: both, clear: [] })).toMatchObject({ ok: true })
  expect(await open(4, GUEST)).toEqual([true, true, false, false])
  expect(await open(3, NEIGHBOUR)).toEqual([true, true, false])
  await labHost.host.look()
  const { portDevices } = await labHost.host.settled()
  const guest = portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)
  expect(guest?.drift).toBe('in-sync')
  // The rule is one, so its counter is one: two packets of the guest, one of the neighbour.
  expect(guest?.counters.filter(({ packets }) => packets > 0)).toEqual([
    { key: expect.stringMatching(/^few\.\w+-out$/), packets: 3, bytes: expect.any(Number) },
  ])
  expect(guest?.kernel.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['few/vnet0-ip-out', 'ip few/vnet0-ip-out', 'ip few/vnet0-ip-out.host']),
  )
})

testHere('another change leaves the counts alone, and a table that is gone is drift', async () => {
  const { filters } = desire('few', {}, { few: FILTER })
  const xml = bindingXml('clean-traffic', { IP: '192.0.2.12' }, 'vnet2')
  expect(await labHost.host.install({ filters, bindings: [{ portDevice: 'vnet2', xml }], clear: [] })).toMatchObject({
    ok: true,
  })
  // The two connections of before are still open, and still counted.
  expect(await open(2, GUEST, 2100)).toEqual([false, false])
  await run(['nft', 'delete', 'table', 'ip', 'sluice'], { enter: labHost.enter })
  await labHost.host.look()
  const drifts = async () => (await labHost.host.settled()).portDevices.map(({ drift }) => drift)
  expect(await drifts()).toContain('drifted')
  const again = desire('few', {}, { few: FILTER })
  expect(await labHost.host.install(again)).toMatchObject({ ok: true })
  expect(await open(4, GUEST)).toEqual([true, true, false, false])
})
