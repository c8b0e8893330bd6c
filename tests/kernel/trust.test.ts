import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDesired } from '../../agent/reconcile/compile-desired.ts'
import { hashOfPlan } from '../../agent/reconcile/plan-nft.ts'
import { desire, GUEST, type LabHost, openLabHost } from '../support/lab-host.ts'
import { nftText } from '../support/nft-text.ts'

const GOOD = desire('clean-traffic', { IP: GUEST.ip })

let labHost: LabHost
beforeEach(async () => {
  labHost = await openLabHost()
})
afterEach(() => labHost.close())

test('rules that are not those of the plan are refused, and nothing changes', async () => {
  const { host, enter } = labHost
  const rulesetHash = hashOfPlan(readDesired(GOOD).devices, { capabilities: undefined, ipsets: new Map() })
  expect(await host.install({ ...GOOD, rulesetHash: 'another' })).toMatchObject({
    ok: false,
    reason: 'plan',
    raw: expect.stringContaining(rulesetHash),
  })
  expect(await nftText(enter)).toBe('')
  expect(await host.install({ ...GOOD, rulesetHash })).toMatchObject({ ok: true })
})

test('the hash of a plan tells values, filters and bindings apart', () => {
  const hashOf = (input: typeof GOOD) =>
    hashOfPlan(readDesired(input).devices, { capabilities: undefined, ipsets: new Map() })
  const own = `<filter name='clean-traffic'><rule action='accept' direction='inout'><all/></rule></filter>`
  const hashes = [
    GOOD,
    desire('clean-traffic', { IP: '192.0.2.11' }),
    desire('allow-arp'),
    desire('clean-traffic', { IP: GUEST.ip }, { 'clean-traffic': own }),
  ].map(hashOf)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashOf(desire('clean-traffic', { IP: GUEST.ip }))).toBe(hashes[0])
})
