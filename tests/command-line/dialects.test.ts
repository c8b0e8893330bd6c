import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bindingXml } from '../support/lab-host.ts'
import { sluice } from '../support/sluice.ts'

const SET = `<filter name='set'>\n  <rule action='accept' direction='in'>\n    <tcp ipset='friends' ipsetflags='src'/>\n  </rule>\n</filter>\n`
const ODD = `<filter name='odd'>\n  <rule action='drop' direction='in'>\n    <mac srcmacaddr='1:2:3:4:5:6 or so'/>\n  </rule>\n</filter>\n`
const USER = `<filter name='user'>\n  <filterref filter='od'/>\n</filter>\n`
const DOMAIN = `<domain><name>web</name><devices><interface type='bridge'><mac address='52:54:00:00:00:0a'/><target dev='vnet4'/><filterref filter='clean-traffic'/></interface></devices></domain>`

let folder: string
const run = (...args: string[]) => sluice(args, { cwd: folder })
const ask = (...requests: readonly object[]) => {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('')
  const lines = sluice(['compile', '--jsonl'], { input }).stdout.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-dialects-'))
  for (const [name, text] of Object.entries({
    set: SET,
    odd: ODD,
    user: USER,
    domain: DOMAIN,
    vnet0: bindingXml('set'),
  }))
    writeFileSync(join(folder, `${name}.xml`), text)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('validate warns of what libvirt drops, and strict has nothing to say about what it corrects', () => {
  const libvirt = run('validate', 'set.xml')
  expect({ ...libvirt, stdout: libvirt.stdout.split('\n')[0] }).toEqual({
    status: 0,
    stderr: '',
    stdout:
      'set.xml:3:17: warning NWF322 libvirt drops this match: in <tcp> it erases ipset with ipsetflags, and the rule matches everybody.',
  })
  expect(run('validate', '--dialect', 'strict', 'set.xml')).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('validate refuses in strict what cannot be meant', () => {
  expect(run('validate', 'odd.xml').status).toBe(0)
  const { status, stdout } = run('validate', '--dialect', 'strict', 'odd.xml')
  expect(status).toBe(1)
  expect(stdout).toMatch(/^odd\.xml:3:22: error NWF352 /)
})

test('a finding is followed by its other places and its fixes', () => {
  const { stdout } = run('validate', 'odd.xml', 'user.xml')
  expect(stdout.split('\n')).toEqual([
    'odd.xml:3:22: warning NWF352 libvirt ignores what stands behind 1:2:3:4:5:6.',
    "    <mac srcmacaddr='1:2:3:4:5:6 or so'/>",
    '                     ^^^^^^^^^^^^^^^^^',
    ' fix: Write 1:2:3:4:5:6',
    'user.xml:2:22: warning NWF201 Filter od does not exist. Did you mean odd?',
    "  <filterref filter='od'/>",
    '                     ^^',
    ' fix: Use odd',
    '',
  ])
})

test('on a terminal a finding has colours, elsewhere none', () => {
  const program = join(import.meta.dirname, '../../bin/sluice')
  const env = { ...process.env, TERM: 'xterm', NO_COLOR: undefined }
  const terminal = spawnSync('script', ['-qec', `${program} validate odd.xml`, '/dev/null'], {
    cwd: folder,
    encoding: 'utf8',
    env,
  })
  expect(terminal.stdout).toContain('\u001b[33mwarning\u001b[0m NWF352')
  expect(run('validate', 'odd.xml').stdout).not.toContain('\u001b')
})

test('validate compiles the interfaces of a domain', () => {
  const { status, stdout } = run('validate', 'domain.xml')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^domain\.xml:1:\d+: warning NWF309 \$IP has no value: libvirt learns it/)
})

test('compile prints the commands of a domain’s interfaces', () => {
  writeFileSync(
    join(folder, 'complete.xml'),
    DOMAIN.replace("'clean-traffic'/>", "'clean-traffic'><parameter name='IP' value='192.0.2.4'/></filterref>"),
  )
  const { status, stdout } = run('compile', 'complete.xml')
  expect(status).toBe(0)
  expect(stdout).toContain('ebtables --concurrent -t nat -A J-vnet4-mac -s 52:54:00:00:00:0a -j RETURN')
})

describe('compile', () => {
  test('the dialect decides whether the set is matched', () => {
    const [libvirt, strict] = ['libvirt', 'strict'].map(
      (dialect) => run('compile', '--dialect', dialect, 'set.xml', 'vnet0.xml').stdout,
    )
    expect(libvirt).toContain(
      'iptables -w -A FP-vnet0 -p tcp -m conntrack --ctstate NEW,ESTABLISHED -m conntrack --ctdir Original -j ACCEPT',
    )
    expect(strict).toContain(
      'iptables -w -A FP-vnet0 -p tcp -m conntrack --ctstate NEW,ESTABLISHED -m conntrack --ctdir Original -m set --match-set friends src -j ACCEPT',
    )
  })

  test('a file that cannot be read is told and nothing is compiled', () => {
    writeFileSync(join(folder, 'latin.xml'), Buffer.from([0x3c, 0xff, 0x3e]))
    const { status, stdout, stderr } = run('compile', 'latin.xml', 'set.xml', 'vnet0.xml')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('latin.xml:1:2: error NWF113')
  })
})

describe('compile --jsonl', () => {
  test('the same request in both dialects', () => {
    const request = { filters: [SET], bindings: [bindingXml('set')] }
    const [libvirt, strict] = ask({ id: 1, ...request }, { id: 2, ...request, dialect: 'strict' })
    expect([libvirt.ok, strict.ok]).toEqual([true, true])
    expect(libvirt.diagnostics.map(({ code }: { code: string }) => code)).toEqual(['NWF322', 'NWF343'])
    expect(strict.diagnostics.map(({ code }: { code: string }) => code)).toEqual(['NWF343'])
    expect(JSON.stringify(libvirt.commands)).not.toContain('--match-set')
    expect(JSON.stringify(strict.commands)).toContain('--match-set')
    // dumpxml is libvirt's, whatever the dialect.
    expect(strict.canonical).toEqual(libvirt.canonical)
    expect(strict.canonical[0]).toContain('<tcp/>')
  })

  test('what strict alone takes is printed as strict reads it, and what libvirt alone takes is printed too', () => {
    const range = `<filter name='r'><rule action='drop' direction='in'><tcp-ipv6 dstipfrom='::1' dstipto='::5'/></rule></filter>`
    const [libvirt, strict, odd] = ask(
      { id: 1, filters: [range] },
      { id: 2, filters: [range], dialect: 'strict' },
      { id: 3, filters: [ODD], dialect: 'strict' },
    )
    expect(libvirt).toMatchObject({ ok: false, canonical: [null], diagnostics: [{ code: 'NWF339' }] })
    expect(strict).toMatchObject({ ok: true, diagnostics: [] })
    expect(strict.canonical[0]).toContain("dstipto='::5'")
    expect(odd).toMatchObject({ ok: false, diagnostics: [{ code: 'NWF352', severity: 'error' }] })
    expect(odd.canonical[0]).toContain("srcmacaddr='01:02:03:04:05:06'")
  })

  test('one cause is told once: a missing filter at its reference, a refused one where it is wrong', () => {
    const [missing, refused] = ask(
      { id: 1, filters: [USER], bindings: [bindingXml('user')] },
      { id: 2, filters: [USER.replace('od', 'odd'), ODD], bindings: [bindingXml('user')], dialect: 'strict' },
    )
    const codes = ({ diagnostics }: { diagnostics: readonly { code: string; source: string }[] }) =>
      diagnostics.map(({ code, source }) => `${source} ${code}`)
    expect(codes(missing)).toEqual(['filter:user NWF202'])
    expect(codes(refused)).toEqual(['filter:odd NWF352', 'filter:user NWF203'])
  })
})
