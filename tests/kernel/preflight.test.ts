import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterGuest, enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { judgeTracking } from '../../agent/preflight/connection-tracking.ts'
import { judgeNic, type Link } from '../../agent/preflight/judge-nic.ts'
import { flushesAll } from '../../agent/preflight/other-firewalls.ts'
import { preflight } from '../../agent/preflight/preflight.ts'
import { runTool } from '../support/run-tool.ts'

let lab: Lab
let enter: readonly string[]
const inLab = async (...command: readonly string[]) => {
  const { status, stderr, stdout } = runTool([...enter, ...command])
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`)
  return stdout
}
const nft = async (script: string) => {
  expect((await run(['nft', '-f', '-'], { enter, input: script })).stderr).toBe('')
}
const switchTo = async (value: 0 | 1) => {
  for (const version of ['iptables', 'ip6tables'])
    await run(['tee', `/proc/sys/net/bridge/bridge-nf-call-${version}`], { enter, input: `${value}\n` })
}
/** The findings of one name, without what is long. */
const found = async (name: string, portDevice?: string) => {
  const all = await preflight({ enter, portDevices: portDevice === undefined ? [] : [{ portDevice }] })
  return all.find((finding) => finding.name === name && finding.portDevice === portDevice)
}
beforeAll(async () => {
  lab = await createLab()
  enter = enterHost(lab)
})
afterAll(() => removeLab(lab))
beforeEach(async () => {
  await nft('flush ruleset')
  await switchTo(0)
})

test('every finding says what follows and what to do, or is ok', async () => {
  for (const finding of [
    ...(await preflight()),
    ...(await preflight({ enter, portDevices: [{ portDevice: 'vnet0' }] })),
  ]) {
    expect(finding.ok).toBe(finding.severity === 'ok')
    expect(finding.detail).not.toBe('')
    expect(finding.remedy === '').toBe(finding.ok)
  }
})

test('looking changes nothing', async () => {
  const look = () => inLab('sh', '-c', 'nft list ruleset; cat /proc/net/ip_tables_names; ip link; sysctl net.bridge')
  await nft('table bridge other { chain x { type filter hook prerouting priority -400; }; }')
  const before = await look()
  await preflight({ enter, portDevices: [{ portDevice: 'vnet0' }] })
  expect(await look()).toBe(before)
})

test('with nobody else on the host there is nothing to say', async () => {
  await nft('table bridge sluice { chain prerouting { type filter hook prerouting priority -300; }; }')
  expect(await found('chains ahead of ours')).toMatchObject({ severity: 'ok' })
  for (const name of ['forward policy of IPv4', 'chains of libvirt', 'rules of iptables-legacy', 'firewalld'])
    expect(await found(name)).toBeUndefined()
  expect(await found('nft')).toMatchObject({ ok: true, detail: expect.stringMatching(/^\d+\.\d+/) })
})

describe('who else judges frames', () => {
  test('a forward policy of drop is worse where bridged packets pass it', async () => {
    await inLab('iptables', '-P', 'FORWARD', 'DROP')
    expect(await found('forward policy of IPv4')).toMatchObject({ severity: 'note' })
    await switchTo(1)
    expect(await found('forward policy of IPv4')).toMatchObject({
      severity: 'warning',
      detail: expect.stringMatching(/^drop in ip filter FORWARD \(forward 0\): bridged packets pass it/),
      remedy: 'iptables -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT',
    })
    expect(await found('forward policy of IPv6')).toBeUndefined()
    await inLab('iptables', '-N', 'DOCKER-USER')
    expect((await found('forward policy of IPv4'))?.detail).toContain('set by Docker')
    expect(await found('Docker')).toMatchObject({ severity: 'warning' })
  })

  test('its remedy lets bridged packets pass', async ({ skip }) => {
    const ping = () => runTool([...enterGuest(lab, 'vnet0'), 'ping', '-c1', '-W1', '192.0.2.1']).status
    await inLab('iptables', '-P', 'FORWARD', 'DROP')
    expect(ping()).toBe(0)
    await switchTo(1)
    expect(ping()).toBe(1)
    const remedy = (await found('forward policy of IPv4'))?.remedy.split(' ') ?? []
    skip(runTool([...enter, ...remedy]).status !== 0, 'this kernel has no xt_physdev')
    expect(ping()).toBe(0)
  })

  test('a base chain ahead of ours, and one that drops', async () => {
    await nft('table bridge other { chain early { type filter hook prerouting priority -301; }; }')
    expect(await found('chains ahead of ours')).toMatchObject({
      severity: 'note',
      detail: 'bridge other early (prerouting -301): may drop or change frames before our rules see them',
      remedy: 'nft list chain bridge other early',
    })
    await nft('table netdev n { chain c { type filter hook ingress device "vnet0" priority 0; policy drop; }; }')
    expect(await found('chains ahead of ours')).toMatchObject({ severity: 'warning' })
  })

  test('a chain behind ours counts where it drops', async () => {
    await nft('table bridge other { chain late { type filter hook forward priority 0; }; }')
    expect(await found('policy of other bridge chains')).toBeUndefined()
    await nft('table bridge other { chain late { policy drop; }; }')
    expect(await found('policy of other bridge chains')).toMatchObject({ severity: 'warning' })
  })

  test('chains called as libvirt calls them, beside ours', async () => {
    await inLab('ebtables', '-t', 'nat', '-N', 'libvirt-I-vnet0')
    expect(await found('chains of libvirt')).toMatchObject({
      severity: 'note',
      detail: expect.stringContaining('1 NICs have chains called as libvirt calls them (vnet0)'),
    })
    await nft('table bridge sluice { chain prerouting { type filter hook prerouting priority -300; }; }')
    expect(await found('chains of libvirt')).toMatchObject({ severity: 'warning' })
  })

  test.each([
    ['firewalld', 'table inet firewalld { chain filter_FORWARD { }; }'],
    ['ufw', 'table ip filter { chain ufw-before-forward { }; }'],
  ])('%s', async (name, script) => {
    await nft(script)
    expect(await found(name)).toMatchObject({ severity: 'warning' })
  })

  test('rules of the legacy tools, which nft does not see', async ({ skip }) => {
    skip(runTool([...enter, 'iptables-legacy', '-A', 'FORWARD', '-j', 'DROP']).status !== 0, 'no iptables-legacy here')
    expect(await found('rules of iptables-legacy')).toMatchObject({
      severity: 'warning',
      detail: expect.stringMatching(/^the tables filter judge packets too/),
    })
  })
})

test('the switches of br_netfilter as they are', async () => {
  expect(await found('bridge-nf-call-iptables')).toMatchObject({
    severity: 'note',
    remedy: 'sysctl -w net.bridge.bridge-nf-call-iptables=1',
  })
  await switchTo(1)
  expect(await found('bridge-nf-call-iptables')).toMatchObject({ severity: 'ok' })
  expect(await found('bridge-nf-call-ip6tables')).toMatchObject({ severity: 'ok' })
  await run(['tee', '/proc/sys/net/bridge/bridge-nf-filter-vlan-tagged'], { enter, input: '1\n' })
  expect(await found('bridge-nf-filter-vlan-tagged')).toMatchObject({ severity: 'ok' })
})

describe('NICs', () => {
  const port = (portDevice: string) => found('port of a bridge', portDevice)

  test('a port of a bridge is ok, and what is not as usual about it is told', async () => {
    expect(await port('vnet0')).toMatchObject({ severity: 'ok', detail: 'of br0', portDevice: 'vnet0' })
    expect(await found('hairpin', 'vnet0')).toBeUndefined()
    await inLab('ip', 'link', 'set', 'vnet0', 'type', 'bridge_slave', 'hairpin', 'on', 'isolated', 'on')
    expect(await found('hairpin', 'vnet0')).toMatchObject({ severity: 'note' })
    expect(await found('isolation', 'vnet0')).toMatchObject({ severity: 'note' })
    const remedy = (await found('hairpin', 'vnet0'))?.remedy.split(' ') ?? []
    await inLab(...remedy)
    expect(await found('hairpin', 'vnet0')).toBeUndefined()
  })

  test('what no rule sees', async () => {
    expect(await port('vnet9')).toMatchObject({ severity: 'note', detail: 'there is no such device now' })
    await inLab('ip', 'link', 'add', 'loose', 'type', 'veth', 'peer', 'name', 'end')
    expect(await port('loose')).toMatchObject({ severity: 'error', remedy: 'ip link set loose master BRIDGE' })
    await inLab('ip', 'link', 'set', 'loose', 'master', 'br0')
    expect(await port('loose')).toMatchObject({ severity: 'note', detail: 'of br0, and down' })
  })

  test('macvtap', async ({ skip }) => {
    const made = runTool([...enter, 'ip', 'link', 'add', 'mv0', 'link', 'br0', 'type', 'macvtap'])
    skip(made.status !== 0, 'this kernel has no macvtap')
    expect(await port('mv0')).toMatchObject({
      severity: 'error',
      detail: 'frames of macvtap pass no bridge: no rule can judge them',
    })
  })

  test('the MAC address of a tap', async ({ skip }) => {
    skip(
      runTool([...enter, 'ip', 'tuntap', 'add', 'tap7', 'mode', 'tap']).status !== 0,
      'there is no /dev/net/tun here',
    )
    await inLab('ip', 'link', 'set', 'tap7', 'master', 'br0', 'up', 'address', '52:54:00:00:00:17')
    const mac = async (guest?: string) =>
      (
        await preflight({
          enter,
          portDevices: [{ portDevice: 'tap7', ...(guest === undefined ? {} : { mac: guest }) }],
        })
      ).find(({ name }) => name === 'MAC of the tap')
    expect(await mac()).toMatchObject({ severity: 'note' })
    expect(await mac('52:54:00:00:00:17')).toMatchObject({
      severity: 'warning',
      remedy: 'ip link set tap7 address fe:54:00:00:00:17',
    })
    await inLab('ip', 'link', 'set', 'tap7', 'address', 'fe:54:00:00:00:17')
    expect(await mac('52:54:00:00:00:17')).toBeUndefined()
  })

  test('what this kernel may not have: Open vSwitch, and a bridge that filters VLANs', () => {
    const links = (list: readonly Link[]) => new Map(list.map((link) => [link.ifname, link]))
    const ovs: Link = { ifname: 'vnet0', master: 'ovs-system', linkinfo: { info_slave_kind: 'openvswitch' } }
    expect(judgeNic({ portDevice: 'vnet0' }, { links: links([ovs]), vlans: new Map() })).toMatchObject([
      { severity: 'error', detail: expect.stringContaining('Open vSwitch') },
    ])
    const bridge: Link = { ifname: 'br0', linkinfo: { info_kind: 'bridge', info_data: { vlan_filtering: 1 } } }
    const nic: Link = { ifname: 'vnet0', master: 'br0', linkinfo: { info_slave_kind: 'bridge' } }
    const flags = ['PVID', 'Egress Untagged']
    const vlans = new Map([
      [
        'vnet0',
        {
          ifname: 'vnet0',
          vlans: [
            { vlan: 5, flags },
            { vlan: 10, vlanEnd: 20 },
          ],
        },
      ],
    ])
    expect(judgeNic({ portDevice: 'vnet0' }, { links: links([bridge, nic]), vlans })).toMatchObject([
      { severity: 'ok' },
      { name: 'VLAN filtering', detail: expect.stringContaining('br0 filters VLANs, PVID 5, tagged 10-20;') },
    ])
  })
})

test.each([
  [undefined, undefined, 'note'],
  ['262144', '10', 'ok'],
  ['262144', '200000', 'warning'],
  ['262144', '262144', 'error'],
  ['0', '10', 'ok'],
])('of %j connections %j are tracked: %s', (max, count, severity) => {
  expect(judgeTracking(max, count).severity).toBe(severity)
})

test.each([
  ['#!/usr/sbin/nft -f\n\nflush ruleset\n', true],
  ['add table x; flush ruleset # all', true],
  ['# flush ruleset\nflush table inet filter\n', false],
  ['flush ruleset bridge\n', true],
  ['flush ruleset inet\n', false],
  ['include "/etc/nftables.d/*.nft"\n', false],
])('%j takes the rules of everybody: %j', (script, expected) => {
  expect(flushesAll(script)).toBe(expected)
})
