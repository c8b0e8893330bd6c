import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseIpsets } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import { compare } from '../support/compare-kernels.ts'
import { compareTrace } from '../support/compare-trace.ts'
import { compileRuleset } from '../support/compile-ruleset.ts'
import { deliberateDifference } from '../support/deliberate-difference.ts'
import { out } from '../support/frames-of-guest.ts'
import { generateFrames } from '../support/generate-frames.ts'
import { desire, type LabHost, OUTSIDE, openLabHost } from '../support/lab-host.ts'
import { type LabPair, openPair, openSide, whyNoPair } from '../support/lab-pair.ts'
import { loadEbiptables } from '../support/load-ebiptables.ts'
import { compileNft, loadNftables } from '../support/load-nftables.ts'
import { PAIR_GUEST_MAC } from '../support/pair-guest.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { runTool } from '../support/run-tool.ts'

/** Sets of ours match what the ipsets they were made of match: one kernel with libvirt's rules and ipsets, one with ours. */

const SETS = `create friends hash:ip
add friends 192.0.2.1
add friends 192.0.2.99
create nets hash:net
add nets 192.0.2.0/29
add nets 192.0.2.0/24
add nets 224.0.0.0/4
create nets6 hash:net family inet6
add nets6 2001:db8::10/124
add nets6 ff02::/16
create web hash:ip,port
add web 192.0.2.1,tcp:80
add web 192.0.2.10,udp:53
add web 192.0.2.10,tcp:22
create webnet hash:net,port family inet6
add webnet 2001:db8::/32,tcp:80
add webnet 2001:db8::/64,udp:53
create macs hash:mac
add macs 52:54:00:00:00:01
create ports bitmap:port range 0-65535
add ports 22
add ports 443
create empty hash:ip
`
const RULES = [
  `<all ipset='friends' ipsetflags='dst'/>`,
  `<all ipset='nets' ipsetflags='src'/>`,
  `<all-ipv6 ipset='nets6' ipsetflags='dst,src'/>`,
  `<all ipset='web' ipsetflags='src,dst'/>`,
  `<all-ipv6 ipset='webnet' ipsetflags='dst,dst'/>`,
  `<all ipset='macs' ipsetflags='src'/>`,
  `<all ipset='ports' ipsetflags='dst'/>`,
  `<all ipset='empty' ipsetflags='src'/>`,
]
const FRAMES = 250

const missing = (await whyNoPair()) ?? (runTool(['ipset', '--version']).status === 0 ? undefined : 'there is no ipset')
if (missing !== undefined) console.log(`skipped: ipsets in two kernels, because ${missing}`)
// The same traffic in every run; SLUICE_SEED brings other.
const seed = seedOfRun(20261125)
const ipsets = new Map((parseIpsets(SETS, 'sets').value ?? []).map((set) => [set.name, set]))

describe.skipIf(missing !== undefined)('in two kernels', () => {
  let pair: LabPair
  let bare: Awaited<ReturnType<typeof openSide>>
  /** Sets that this kernel has. */
  const known = new Set<string>()
  beforeAll(async () => {
    pair = await openPair({ guestMac: PAIR_GUEST_MAC })
    bare = await openSide({ guestMac: PAIR_GUEST_MAC })
    for (const input of SETS.split(/^(?=create )/m)) {
      const { status, stderr } = await run(['ipset', 'restore'], { enter: pair.sides[0].enter, input })
      const [, name = '', type] = input.split(/\s/)
      if (status === 0) known.add(name)
      else console.log(`skipped: sets of type ${type}, because this kernel says: ${stderr.trim()}`)
    }
    expect(known.size).toBeGreaterThan(5)
    console.log(`ipsets: SLUICE_SEED=${seed}`)
  })
  afterAll(() => {
    pair?.close()
    bare?.close()
  })

  test.each(['libvirt', 'strict'] as const)('%s', async (dialect) => {
    const random = makeRandom(seed)
    let passed = 0
    for (const [at, element] of RULES.entries()) {
      if (!known.has(/ipset='(\w+)'/.exec(element)?.[1] ?? '')) continue
      const [action, direction] = [random.pick(['accept', 'drop', 'reject']), random.pick(['in', 'out', 'inout'])]
      const rule = `<rule action='${action}' direction='${direction}' statematch='${random.pick(['true', 'false'])}'>${element}</rule>`
      const text = `<filter name='f'>${rule}<rule action='${action === 'accept' ? 'drop' : 'accept'}' direction='inout'><all/></rule></filter>`
      const bound = compileRuleset({ texts: [text], parameters: [['IP', '192.0.2.10']] }, dialect)
      const nft = bound && compileNft(bound, ipsets)
      if (bound === undefined || nft === undefined || typeof nft === 'string') throw new Error(`${nft}`)
      const frames = generateFrames({ ...bound, seed: seed + at, count: FRAMES }).filter(
        ({ hex }) => deliberateDifference(hex, bound, nft.bridgeNetfilter.length > 0) === undefined,
      )
      const loadFirst = async (enter: readonly string[]) => {
        for (const tool of ['iptables', 'ip6tables'])
          await run(['tee', `/proc/sys/net/bridge/bridge-nf-call-${tool}`], { enter, input: '1' })
        return loadEbiptables([bound.ruleset], enter)
      }
      const loadSecond = (enter: readonly string[]) => loadNftables(nft, enter)
      const result = await compare(pair, { frames, loadFirst, loadSecond })
      expect(result, text).toMatchObject({ refused: undefined, differences: [] })
      const [first, second] = pair.sides
      const reload = () => Promise.all([loadFirst(first.enter), loadSecond(second.enter)])
      const traced = await compareTrace({ pair, bare, reload }, bound, nft, frames)
      expect(traced.differences, text).toEqual([])
      passed += result.passed
    }
    expect(passed).toBeGreaterThan(FRAMES)
  })
})

describe('a host', () => {
  let labHost: LabHost
  beforeAll(async () => {
    labHost = await openLabHost('nftables')
  })
  afterAll(() => labHost.close())

  test('takes the sets of its folder, changes by elements, and never loses one that a filter names', async () => {
    const { host, lab, enter, stateDir } = labHost
    const own = {
      f: `<filter name='f'><rule action='accept' direction='out' statematch='false'><all ipset='friends' ipsetflags='dst'/></rule>
        <rule action='drop' direction='out'><all/></rule></filter>`,
    }
    const arrives = async () => (await sendFrames(lab, [out.ip({ dstIp: OUTSIDE.ip })]))[0]?.includes('outside')
    expect(await host.install(desire('f', {}, own))).toMatchObject({
      ok: false,
      raw: expect.stringContaining('NWF371'),
    })
    const folder = join(stateDir, 'sets')
    mkdirSync(folder)
    writeFileSync(join(folder, 'office'), 'create friends hash:ip\nadd friends 198.51.100.1\n')
    expect(await host.install(desire('f', {}, own))).toMatchObject({ ok: true })
    expect(await arrives()).toBe(false)
    writeFileSync(join(folder, 'office'), `create friends hash:ip\nadd friends ${OUTSIDE.ip}\n# ${'x'.repeat(9)}\n`)
    await host.look()
    await host.settled()
    expect(await arrives()).toBe(true)
    // Neither a set that cannot be read nor one that is gone opens or closes anything.
    for (const text of ['create friends hash:ip timeout 9\n', 'create others hash:ip\n']) {
      writeFileSync(join(folder, 'office'), text)
      await host.look()
      expect(await arrives()).toBe(true)
    }
    const { stdout } = await run(['nft', 'list', 'set', 'bridge', 'sluice', 'ipset.friends.ip-address'], { enter })
    expect(stdout).toContain(OUTSIDE.ip)
    expect((await host.settled()).portDevices[0]?.drift).toBe('in-sync')
  })
})
