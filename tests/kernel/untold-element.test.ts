import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { desire, GUEST, type LabHost, openLabHost } from '../support/lab-host.ts'

/** `nft monitor` forgets sets while rules come and go, and then tells of a transaction without saying what it did to their elements. */

const SEEN_WITHIN_MS = 1000
const FILTER = "<filter name='other'><filterref filter='clean-traffic'/></filter>"

let labHost: LabHost
beforeAll(async () => {
  labHost = await openLabHost('nftables', true)
})
afterAll(() => labHost.close())

test('an element that somebody else adds behind several changes is seen and healed', async () => {
  const { host, enter } = labHost
  for (const filter of ['clean-traffic', 'other', 'clean-traffic']) {
    expect(await host.install(desire(filter, { IP: GUEST.ip }, { other: FILTER }))).toMatchObject({ ok: true })
    await host.settled()
  }
  const kinds = () => host.state().timeline.map(({ kind }) => kind)
  for (const ip of ['192.0.2.77', '192.0.2.78']) {
    const before = kinds().filter((kind) => kind === 'healed').length
    const element = `{ "${GUEST.portDevice}" . ${ip} }`
    expect(await run(['nft', 'add', 'element', 'bridge', 'sluice', 'IP-ipv4', element], { enter })).toMatchObject({
      status: 0,
    })
    await expect
      .poll(() => kinds().filter((kind) => kind === 'healed').length, { timeout: SEEN_WITHIN_MS, interval: 20 })
      .toBe(before + 1)
    expect((await run(['nft', 'list', 'set', 'bridge', 'sluice', 'IP-ipv4'], { enter })).stdout).not.toContain(ip)
    expect(await host.install(desire('other', { IP: GUEST.ip }, { other: FILTER }))).toMatchObject({ ok: true })
    await host.settled()
  }
})
