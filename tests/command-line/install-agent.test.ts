import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agentUnit } from '../../agent/install/agent-unit.ts'
import { doubtOf } from '../../agent/install/obstacle-of.ts'
import { runTool } from '../support/run-tool.ts'
import { sluice } from '../support/sluice.ts'

const UNITS = ['sluice-rules.service', 'sluice-rules-previous.service', 'sluice-agent.service'] as const
const MOST_EXPOSURE = 2.5

let root: string
const inRoot = (path: string) => join(root, path)
const unitFile = (name: string) => inRoot(`etc/systemd/system/${name}`)
const read = (path: string) => readFileSync(inRoot(path), 'utf8')
const agent = (...args: string[]) => sluice(['agent', '--root', root, ...args])
const modeOf = (path: string) => statSync(inRoot(path)).mode & 0o777
const settings = (name: string) => readFileSync(unitFile(name), 'utf8').split('\n')
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-image-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('--install', () => {
  test('writes units, group and state directory below the root, says each, and does the same again', () => {
    const first = agent('--install')
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' })
    const written = first.stdout.split('\n').filter((line) => line.endsWith(': written'))
    expect(written).toHaveLength(UNITS.length + 1)
    expect(readdirSync(inRoot('etc/systemd/system')).sort()).toEqual([...UNITS].sort())
    expect(read('etc/sysusers.d/sluice.conf')).toContain('g sluice -\n')
    expect([modeOf('var/lib/sluice'), modeOf('var/lib') & 0o555]).toEqual([0o700, 0o555])
    expect(first.stdout).toContain('systemctl enable sluice-rules.service sluice-agent.service')
    const texts = UNITS.map((name) => readFileSync(unitFile(name), 'utf8'))
    expect(
      agent('--install')
        .stdout.split('\n')
        .filter((line) => line.endsWith(': as it was')),
    ).toHaveLength(4)
    expect(UNITS.map((name) => readFileSync(unitFile(name), 'utf8'))).toEqual(texts)
  })

  test('rules stand before the network, the previous ones where they do not load, and nothing takes them away', () => {
    agent('--install', '--state', '/srv/sluice')
    const rules = settings('sluice-rules.service')
    expect(rules).toEqual(
      expect.arrayContaining([
        'DefaultDependencies=no',
        'Wants=network-pre.target',
        'ConditionPathExists=/srv/sluice/rules.nft',
        'ExecStart=/usr/sbin/nft -f /srv/sluice/rules.nft',
        'OnFailure=sluice-rules-previous.service',
        'RemainAfterExit=yes',
      ]),
    )
    expect(settings('sluice-rules-previous.service')).toContain(
      'ExecStart=/usr/sbin/nft -f /srv/sluice/rules.nft.previous',
    )
    for (const name of UNITS.slice(0, 2)) {
      expect(settings(name).join('\n')).toMatch(/^Before=.*network-pre\.target/m)
      expect(settings(name).filter((line) => /^(ExecStop|ExecReload|PartOf|BindsTo)/.test(line))).toEqual([])
    }
  })

  test('the agent gets the options that were given', () => {
    agent('--install', '--backend', 'ebiptables', '--mark-mask', '0xf0', '--socket', '/run/fw/a.sock')
    const lines = settings('sluice-agent.service')
    expect(lines.find((line) => line.startsWith('ExecStart='))).toMatch(
      / agent --mode=host --backend=ebiptables --mark-mask=0x000000f0 --state=\/var\/lib\/sluice --socket=\/run\/fw\/a\.sock$/,
    )
    expect(lines).toEqual(expect.arrayContaining(['RuntimeDirectory=fw', 'StateDirectory=sluice', 'Restart=always']))
  })

  test('--bridge-netfilter has the module from boot on, and the next installation without it not', () => {
    agent('--install', '--bridge-netfilter')
    expect(read('etc/modules-load.d/sluice.conf')).toMatch(/^br_netfilter$/m)
    expect(read('etc/sysctl.d/60-sluice.conf')).toMatch(/^net\.bridge\.bridge-nf-call-ip6tables = 1$/m)
    const { stdout } = agent('--install')
    expect(stdout.split('\n').filter((line) => line.endsWith(': removed'))).toHaveLength(2)
    expect(existsSync(inRoot('etc/modules-load.d/sluice.conf'))).toBe(false)
  })

  test.each([
    ['--state', '/var/lib/100%\nExecStart=/bin/sh'],
    ['--state', '/var/lib/my state'],
    ['--state', '/var/lib'],
    ['--socket', '/run/agent.sock'],
    ['--socket', '/var/lib/sluice/agent.sock'],
  ])('refuses %s %j and writes nothing', (...option) => {
    const { status, stdout, stderr } = agent('--install', ...option)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^sluice: ./)
    expect(readdirSync(root)).toEqual([])
  })

  test.each([
    ['--install', '--uninstall'],
    ['--install', '--mode', 'lab'],
    ['--mode', 'host'],
  ])('wrong usage: --root DIR %j %j %j', (...args) => {
    expect(agent(...args.filter((word) => word !== undefined)).status).toBe(2)
  })

  test('a folder that cannot be written is told in one line', () => {
    writeFileSync(inRoot('etc'), '')
    const { status, stderr } = agent('--install')
    expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, lines: 1 })
  })
})

test('--uninstall takes the files of --install away, and leaves state and rules of everybody', () => {
  agent('--install', '--bridge-netfilter')
  writeFileSync(inRoot('var/lib/sluice/state.json'), '{}')
  writeFileSync(unitFile('other.service'), '')
  const { status, stdout } = agent('--uninstall')
  expect(status).toBe(0)
  expect(readdirSync(inRoot('etc/systemd/system'))).toEqual(['other.service'])
  for (const folder of ['sysusers.d', 'modules-load.d', 'sysctl.d'])
    expect(readdirSync(inRoot(`etc/${folder}`))).toEqual([])
  expect(read('var/lib/sluice/state.json')).toBe('{}')
  expect(stdout).toContain('nft delete table bridge sluice')
  expect(stdout).toContain(`rm -r ${inRoot('var/lib/sluice')}`)
  expect(agent('--uninstall').status).toBe(0)
})

describe('what runs as root', () => {
  const optionsOf = (node: string) => ({
    root: undefined,
    stateDir: '/srv/sluice',
    socket: '/run/sluice/agent.sock',
    backend: 'nftables' as const,
    markMask: 0xffff0000,
    bridgeNetfilter: false,
    program: [node, node] as const,
  })

  test.each(['/home/me/sluice/node', '/root/node', '/tmp/node'])('%s is hidden from the unit', (node) => {
    expect(doubtOf(optionsOf(node))).toContain('is hidden')
  })

  test('what others may write is told', () => {
    // /dev/shm is for everybody, and not hidden by its name.
    expect(doubtOf(optionsOf('/dev/shm/node'))).toContain('others than root may write /dev/shm')
    expect(doubtOf(optionsOf('/usr/bin/env'))).toBeUndefined()
  })

  test('a state directory elsewhere is the one place that may be written', () => {
    const lines = agentUnit(optionsOf('/usr/bin/node')).split('\n')
    expect(lines).toContain('ReadWritePaths=/srv/sluice')
    expect(lines.some((line) => line.startsWith('StateDirectory'))).toBe(false)
  })
})

const obstacle =
  runTool(['systemd-analyze', '--version']).status === 0 ? undefined : 'systemd-analyze is not installed here'
if (obstacle !== undefined) console.log(`skipped: what systemd thinks of the units, because ${obstacle}`)

describe.skipIf(obstacle !== undefined)('systemd', () => {
  beforeEach(() => {
    agent('--install')
  })

  test.each(UNITS)('%s is understood', (name) => {
    expect(runTool(['systemd-analyze', 'verify', unitFile(name)])).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test.each(UNITS)(`%s is exposed by no more than ${MOST_EXPOSURE}`, (name) => {
    const { stdout } = runTool(['systemd-analyze', 'security', '--offline=true', '--no-pager', unitFile(name)])
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1])
    console.log(`${name}: exposure ${exposure}`)
    expect(exposure).toBeLessThanOrEqual(MOST_EXPOSURE)
  })
})
