import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import type { BackendName, TimelineEntry } from '../../agent/link/contract.ts'
import { out, STRANGER } from '../support/frames-of-guest.ts'
import { desire, GUEST, type LabHost, openLabHost } from '../support/lab-host.ts'

const SEEN_WITHIN_MS = 1000
const HEALED_WITHIN_MS = 2000
const FORBIDDEN = [out.arp({ senderIp: STRANGER.ip }), out.ip({ srcIp: STRANGER.ip })]

type Case = { readonly what: string; readonly command: readonly string[]; readonly cause: RegExp }

const NFTABLES: readonly Case[] = [
  {
    what: 'the ruleset flushed',
    command: ['nft', 'flush ruleset'],
    cause: /nft, process \d+, .*(flushed|deleted our tables)/,
  },
  { what: 'the table deleted', command: ['nft', 'delete table bridge sluice'], cause: /deleted our tables/ },
  { what: 'all rules of the table flushed', command: ['nft', 'flush table bridge sluice'], cause: /deleted \d+ rules/ },
  {
    what: 'a rule ahead in a hook',
    command: ['nft', 'insert rule bridge sluice prerouting accept'],
    cause: /put a rule first into prerouting/,
  },
  {
    what: 'a rule at the end of a shared chain',
    command: ['nft', 'add rule bridge sluice clean-traffic-out.mac accept'],
    cause: /put a rule into clean-traffic-out\.mac/,
  },
  {
    what: 'a set element removed',
    command: ['nft', 'delete element bridge sluice MAC-ether { "vnet0" . 52:54:00:00:00:10 }'],
    cause: /took an element out of MAC-ether/,
  },
  {
    what: 'a set element added',
    command: ['nft', 'add element bridge sluice IP-ipv4 { "vnet0" . 192.0.2.99 }'],
    cause: /put an element into IP-ipv4/,
  },
  {
    what: 'the policy of a hook changed',
    command: ['nft', 'add chain bridge sluice prerouting { policy drop; }'],
    cause: /prerouting/,
  },
]
const EBIPTABLES: readonly Case[] = [
  { what: 'ebtables -F', command: ['ebtables', '-t', 'nat', '-F'], cause: /Likely ebtables: ebtables, process \d+/ },
  { what: 'the ruleset flushed', command: ['nft', 'flush ruleset'], cause: /nft, process/ },
  {
    what: 'a rule of a chain deleted',
    command: ['ebtables', '-t', 'nat', '-D', 'libvirt-I-vnet0', '1'],
    cause: /ebtables/,
  },
  { what: 'ebtables-restore of nothing', command: ['ebtables-restore'], cause: /ebtables|Unknown/ },
]

describe.each([
  ['nftables', NFTABLES],
  ['ebiptables', EBIPTABLES],
] as const)('%s', (backend: BackendName, cases) => {
  let labHost: LabHost
  beforeAll(async () => {
    labHost = await openLabHost(backend, true)
    expect(await labHost.host.install(desire('clean-traffic', { IP: GUEST.ip }))).toMatchObject({ ok: true })
    await sleep(300)
  })
  afterAll(() => labHost.close())

  test.each(cases)('$what is seen, named and healed', async ({ command, cause }) => {
    const { host, enter, lab } = labHost
    // Each case stands for itself: what was healed before is no fight.
    await host.pauseHealing({ minutes: 0, reason: 'a new case' })
    const last = host.state().timeline.at(-1)?.number ?? 0
    const news = () => host.state().timeline.filter(({ number }) => number > last)
    const { status, stderr } = await run(command, { enter, input: '*nat\n' })
    expect([status, stderr]).toEqual([0, ''])
    const done = Date.now()
    const drift = await entryOf(news, 'drift')
    const healed = await entryOf(news, 'healed')
    // A look may find it before it is heard of.
    await expect.poll(() => news().find(({ kind }) => kind === 'drift')?.text).toMatch(cause)
    expect(drift.portDevices).toContain(GUEST.portDevice)
    expect(Date.parse(drift.at) - done).toBeLessThan(SEEN_WITHIN_MS)
    expect(Date.parse(healed.at) - done).toBeLessThan(HEALED_WITHIN_MS)
    expect((await host.settled()).portDevices.map(({ drift }) => drift)).not.toContain('drifted')
    expect((await sendFrames(lab, FORBIDDEN)).flat()).toEqual([])
    expect((await sendFrames(lab, [out.ip()]))[0]).toContain('outside')
  })

  test('something that fights is left alone after three heals, and an alarm says so', async () => {
    const { host, enter } = labHost
    await host.pauseHealing({ minutes: 0, reason: 'a new case' })
    const last = host.state().timeline.at(-1)?.number ?? 0
    const news = () => host.state().timeline.filter(({ number }) => number > last)
    const flush = () => run(['nft', 'flush ruleset'], { enter })
    for (let heals = 1; heals <= 3; heals += 1) {
      await flush()
      await expect.poll(() => news().filter(({ kind }) => kind === 'healed').length).toBe(heals)
    }
    await flush()
    const alarm = await entryOf(news, 'alarm')
    expect(alarm.text).toMatch(/healed 3 times within five minutes/)
    await sleep(500)
    expect(news().filter(({ kind }) => kind === 'healed')).toHaveLength(3)
    expect(host.state().healing).toMatchObject({
      stoppedAt: expect.any(String),
      drift: { portDevices: [GUEST.portDevice] },
    })
    expect(await host.heal()).toMatchObject({ ok: true })
    await expect.poll(() => host.state().healing).toMatchObject({ stoppedAt: null, drift: null })
  })

  test('healing waits as long as it was told to, or until somebody asks', async () => {
    const { host, enter } = labHost
    await host.setHealing({ kind: 'after', seconds: 1 })
    await host.pauseHealing({ minutes: 0, reason: 'a new case' })
    let last = host.state().timeline.at(-1)?.number ?? 0
    const news = () => host.state().timeline.filter(({ number }) => number > last)
    await run(['nft', 'flush ruleset'], { enter })
    const drift = await entryOf(news, 'drift')
    const healed = await entryOf(news, 'healed')
    expect(Date.parse(healed.at) - Date.parse(drift.at)).toBeGreaterThanOrEqual(900)
    await host.setHealing({ kind: 'ask' })
    last = host.state().timeline.at(-1)?.number ?? 0
    await run(['nft', 'flush ruleset'], { enter })
    await entryOf(news, 'drift')
    await sleep(1500)
    expect(news().map(({ kind }) => kind)).not.toContain('healed')
    expect(await host.heal()).toMatchObject({ ok: true })
    await entryOf(news, 'healed')
    await host.setHealing({ kind: 'now' })
  })
})

describe('what others have', () => {
  let labHost: LabHost
  beforeAll(async () => {
    labHost = await openLabHost('nftables', true)
    await labHost.host.install(desire('clean-traffic', { IP: GUEST.ip }))
    await sleep(300)
  })
  afterAll(() => labHost.close())

  test('a rule of somebody else ahead of ours is shown, and never removed', async () => {
    const { host, enter } = labHost
    const script =
      'table bridge other {\n chain early {\n type filter hook prerouting priority -350; policy accept;\n ether type arp drop\n }\n}\n'
    await run(['nft', '-f', '-'], { enter, input: script })
    await expect
      .poll(() => host.state().foreign)
      .toMatchObject([
        {
          family: 'bridge',
          table: 'other',
          chain: 'early',
          hook: 'prerouting',
          priority: -350,
          isAhead: true,
          rules: ['ether type arp drop'],
        },
      ])
    expect(host.state().timeline.at(-1)).toMatchObject({
      kind: 'foreign',
      text: expect.stringContaining('bridge other early'),
    })
    await run(['nft', 'delete table bridge sluice'], { enter })
    await expect.poll(() => host.state().timeline.at(-1)?.kind).toBe('healed')
    expect((await run(['nft', 'list', 'table', 'bridge', 'other'], { enter })).stdout).toContain('ether type arp drop')
  })

  test('a bridge that is made anew is told of, and the rules stood all the time', async () => {
    const { host, enter, lab } = labHost
    const anew = [
      'link del br0',
      'link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0',
      'link set br0 up',
    ]
    const ports = ['vnet0', 'vnet1', 'vnet2', 'outside'].map((name) => `link set ${name} master br0`)
    const { stderr } = await run(['ip', '-batch', '-'], { enter, input: `${[...anew, ...ports].join('\n')}\n` })
    expect(stderr).toBe('')
    await expect.poll(() => host.state().timeline.at(-1)?.text).toMatch(/Bridge br0 was made anew/)
    expect((await sendFrames(lab, FORBIDDEN)).flat()).toEqual([])
    expect(host.state().healing.drift).toBeNull()
  })

  test('br_netfilter switched off under rules that need it is drift, and is switched on again', async () => {
    const { host, enter } = labHost
    const stateful = `<filter name='stateful'><rule action='accept' direction='out'><tcp dstportstart='22'/></rule><rule action='drop' direction='inout'><all/></rule></filter>`
    expect(await host.install(desire('stateful', {}, { stateful }))).toMatchObject({ ok: true })
    const file = '/proc/sys/net/bridge/bridge-nf-call-iptables'
    const isOn = async () => (await run(['cat', file], { enter })).stdout.trim()
    expect(await isOn()).toBe('1')
    await host.settled()
    await run(['tee', file], { enter, input: '0\n' })
    // No event tells of it: the full comparison does.
    for (let looks = 0; looks < 20; looks += 1) await host.look()
    await expect.poll(isOn).toBe('1')
    expect(
      host
        .state()
        .timeline.filter(({ kind }) => kind === 'drift')
        .at(-1)?.text,
    ).toMatch(/bridge-nf-call-iptables is off/)
  })
})

async function entryOf(news: () => readonly TimelineEntry[], kind: TimelineEntry['kind']): Promise<TimelineEntry> {
  await expect.poll(() => news().some((entry) => entry.kind === kind), { interval: 5, timeout: 10_000 }).toBe(true)
  const found = news().find((entry) => entry.kind === kind)
  if (found === undefined) throw new Error(`no entry ${kind}`)
  return found
}
