import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bindingXml } from '../support/lab-host.ts'
import { sluice } from '../support/sluice.ts'

const COMMANDS = [
  'validate',
  'canonical',
  'format',
  'compile',
  'trace',
  'agent',
  'lab',
  'preflight',
  'sign-in-link',
] as const
const STAGES = ['document', 'filter', 'graph', 'instances', 'ruleset', 'text'] as const
const BAD = `<filter name='bad' chain='root'>\n  <rule action='drop' direction='sideways'/>\n</filter>\n`
const GOOD = `<filter name='good' chain='root'>\n  <filterref filter='no-mac-spoofing'/>\n</filter>\n`

let folder: string
const inFolder = (name: string) => join(folder, name)
const run = (...args: string[]) => sluice(args, { cwd: folder })
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
  writeFileSync(inFolder('bad.xml'), BAD)
  writeFileSync(inFolder('good.xml'), GOOD)
  writeFileSync(inFolder('vnet0.xml'), bindingXml('good'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('exit status', () => {
  test.each([
    [0, ['validate', 'good.xml']],
    [1, ['validate', 'bad.xml']],
    [1, ['canonical', 'bad.xml']],
    [1, ['compile', 'bad.xml']],
    [2, []],
    [2, ['frobnicate']],
    [2, ['--frobnicate', 'validate', 'good.xml']],
    [2, ['validate', '--frobnicate', 'good.xml']],
    [2, ['validate']],
    [2, ['validate', 'not-there.xml']],
    [2, ['compile', '--stage', 'nothing', 'good.xml']],
    [2, ['lab', 'send', '--from', 'vnet0']],
    [2, ['lab', 'send', '--from', 'vnet0', '--hex', 'zz']],
    [2, ['agent', '--mode', 'moon']],
    [3, ['--data', '/nonexistent', 'lab', 'send', '--from', 'vnet0', '--hex', '00'.repeat(60)]],
    [3, ['--data', '/nonexistent', 'lab', 'exec', '--', 'true']],
    [3, ['--data', '/nonexistent', 'sign-in-link']],
  ] as const)('%i: sluice %j', (status, args) => {
    const outcome = run(...args)
    expect(outcome.status, outcome.stderr).toBe(status)
    // Who asked wrongly hears it on standard error, and a script reads nothing that is no result.
    if (status >= 2) expect([outcome.stdout, outcome.stderr === '']).toEqual(['', false])
  })
})

test.each([[], ...COMMANDS.map((name) => [name])])('--help %s', (...command) => {
  const { status, stdout, stderr } = run(...command, '--help')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain(`sluice ${command[0] ?? '[--data'}`)
})

test('validate names file, line and column, and puts a caret under the place', () => {
  const [first, text, caret] = run('validate', 'bad.xml').stdout.split('\n')
  expect(first).toMatch(/^bad\.xml:2:34: error NWF\d{3} \S/)
  expect(text).toBe(BAD.split('\n')[1])
  expect(caret?.indexOf('^')).toBe(33)
  const [json] = run('validate', '--json', 'bad.xml').stdout.split('\n')
  expect(JSON.parse(json ?? '')).toMatchObject({ file: 'bad.xml', line: 2, column: 34, endLine: 2, severity: 'error' })
})

test('validate reads a folder, and its files know each other', () => {
  const other = mkdtempSync(join(folder, 'dir-'))
  writeFileSync(join(other, 'a.xml'), `<filter name='a'><filterref filter='b'/></filter>`)
  writeFileSync(join(other, 'b.xml'), `<filter name='b'/>`)
  expect(run('validate', other)).toEqual({ status: 0, stdout: '', stderr: '' })
  const alone = run('validate', join(other, 'a.xml'))
  expect(alone.stdout).toMatch(/NWF201/)
})

test('canonical prints what dumpxml prints', () => {
  const uuid = '2cb9a2ab-7b2c-4d0f-b5b7-7a5d2e0f1c11'
  writeFileSync(
    inFolder('c.xml'),
    `<filter name="c" chain="arp"><uuid>${uuid}</uuid><rule direction="in" action="drop"/></filter>`,
  )
  expect(run('canonical', 'c.xml')).toEqual({
    status: 0,
    stderr: '',
    stdout: `<filter name='c' chain='arp' priority='-500'>\n  <uuid>${uuid}</uuid>\n  <rule action='drop' direction='in' priority='500'/>\n</filter>\n`,
  })
})

describe('compile', () => {
  test.each(STAGES)('prints the stage %s', (stage) => {
    const { status, stdout, stderr } = run('compile', '--stage', stage, 'good.xml', 'vnet0.xml')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    if (stage === 'text') expect(stdout).toMatch(/^ebtables --concurrent -t nat /m)
    else expect(() => JSON.parse(stdout.split(/\n(?=[[{])/)[0] ?? '')).not.toThrow()
  })

  test('writes one file a result into a folder', () => {
    const out = inFolder('out')
    expect(run('compile', '--out', out, 'good.xml', 'vnet0.xml')).toEqual({ status: 0, stdout: '', stderr: '' })
    const [file] = readdirSync(out)
    expect(readFileSync(join(out, file ?? ''), 'utf8')).toContain('J-vnet0-mac')
  })

  test('without the built-in filters a reference to them is an error at the reference', () => {
    const { status, stderr } = run('compile', '--no-builtin', 'good.xml', 'vnet0.xml')
    expect(status).toBe(1)
    expect(stderr).toMatch(/good\.xml:2:\d+: error NWF202 /)
  })
})

describe('compile --backend nftables', () => {
  test('prints one transaction of nft for all bindings', () => {
    const { status, stdout, stderr } = run('compile', '--backend', 'nftables', 'good.xml', 'vnet0.xml')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^add table bridge sluice\ndelete table bridge sluice\n/)
    expect(stdout).toContain('"vnet0" : goto good-out')
    const ruleset = run('compile', '--backend', 'nftables', '--stage', 'ruleset', 'good.xml', 'vnet0.xml')
    expect(JSON.parse(ruleset.stdout)).toMatchObject({ kind: 'nftables-ruleset', tables: [{ family: 'bridge' }] })
  })

  test('takes ipsets from a file, and refuses a rule without its set', () => {
    const rule = `<rule action='drop' direction='out'><all ipset='foes' ipsetflags='dst'/></rule>`
    writeFileSync(inFolder('set.xml'), `<filter name='set'>${rule}</filter>`)
    writeFileSync(inFolder('bound.xml'), bindingXml('set'))
    writeFileSync(inFolder('sets'), 'create foes hash:net\nadd foes 10.0.0.0/8\n')
    writeFileSync(inFolder('bad-sets'), 'create foes hash:net\nadd foes 10.0.0.0/8 nomatch\n')
    const compile = (...args: string[]) => run('compile', '--backend', 'nftables', ...args, 'set.xml', 'bound.xml')
    expect(compile()).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('NWF371') })
    const bad = compile('--sets', 'bad-sets')
    expect({ status: bad.status, line: bad.stderr.split('\n')[0] }).toEqual({
      status: 1,
      line: expect.stringMatching(/^bad-sets:2:1: error NWF374 /),
    })
    const good = compile('--sets', 'sets')
    expect(good.status).toBe(0)
    expect(good.stdout).toContain('ip daddr @ipset.foes.ip-address')
    expect(good.stdout).toContain('elements = { 10.0.0.0-10.255.255.255 }')
  })
})

describe('compile --jsonl', () => {
  test('of nftables answers the script and no commands, and no script where something is refused', () => {
    const limit = `<filter name='limit'><rule action='drop' direction='in'><tcp connlimit-above='9'/></rule></filter>`
    const set = `<filter name='set'><rule action='drop' direction='in'><all ipset='x' ipsetflags='src'/></rule></filter>`
    const [good, refused] = ask(
      {
        id: 1,
        backend: 'nftables',
        filters: [limit],
        bindings: [bindingXml('limit'), bindingXml('clean-traffic', { IP: '192.0.2.11' }, 'vnet1')],
      },
      { id: 2, backend: 'nftables', filters: [set], bindings: [bindingXml('set')] },
    )
    expect(good).toMatchObject({ ok: true, commands: [] })
    expect(good.script).toMatch(/^add table bridge sluice\n/)
    expect(good.script).toContain('ct count over 9')
    expect(good.script).toContain('"vnet1" : goto clean-traffic-out')
    expect(refused).toMatchObject({
      ok: false,
      commands: [],
      script: '',
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'NWF371', line: 1 })]),
    })
  })

  const ask = (...lines: readonly (object | string)[]) => {
    const input = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
    const { stdout, status } = sluice(['compile', '--jsonl'], { input })
    expect(status).toBe(0)
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  test('answers each line in order, also behind one that is no JSON', () => {
    const answers = ask({ id: 1, filters: [GOOD], bindings: [bindingXml('good')] }, '{"id": 2, ', {
      id: 'three',
      filters: [BAD],
    })
    expect(answers.map(({ id, ok }) => [id, ok])).toEqual([
      [1, true],
      [null, false],
      ['three', false],
    ])
    expect(answers[0].commands[0].slice(0, 4)).toEqual(['ebtables', '--concurrent', '-t', 'nat'])
    expect(answers[0].script).toContain('ebtables --concurrent -t nat')
    expect(answers[2]).toMatchObject({ canonical: [null], commands: [], script: '' })
    expect(answers[2].diagnostics[0]).toMatchObject({
      severity: 'error',
      line: 2,
      column: 34,
      endLine: 2,
      endColumn: 42,
    })
  })

  test('a filter given replaces the built-in of its name, and builtin false removes them all', () => {
    const own = `<filter name='no-mac-spoofing' chain='mac'><rule action='drop' direction='in'/></filter>`
    const [usual, replaced, none] = ask(
      { id: 1, filters: [GOOD], bindings: [bindingXml('good')] },
      { id: 2, filters: [GOOD, own], bindings: [bindingXml('good')] },
      { id: 3, filters: [GOOD], bindings: [bindingXml('good')], builtin: false },
    )
    expect(JSON.stringify(usual.commands)).toContain('J-vnet0-mac')
    expect(JSON.stringify(replaced.commands)).not.toContain('J-vnet0-mac')
    expect(none).toMatchObject({
      ok: false,
      commands: [],
      diagnostics: [{ code: 'NWF202', source: 'filter:good', line: 2 }],
    })
  })

  test('only IP missing is a warning with temporary rules, unless learning is off', () => {
    const [learns, refuses] = ask(
      { id: 1, bindings: [bindingXml('clean-traffic')] },
      { id: 2, bindings: [bindingXml('clean-traffic', { CTRL_IP_LEARNING: 'none' })] },
    )
    expect(learns).toMatchObject({ ok: true, diagnostics: [{ severity: 'warning' }] })
    expect(learns.commands.length).toBeGreaterThan(0)
    expect(refuses).toMatchObject({ ok: false, commands: [] })
  })

  test('what a shell would run stays data', () => {
    const name = '$(touch pwned);`touch pwned`'
    const xml = `<filter name='${name}' chain='root'><rule action='drop' direction='out'/></filter>`
    const [answer] = ask({ id: 1, filters: [xml], bindings: [bindingXml(name)] })
    expect(answer.canonical[0]).toContain(`<filter name='${name}'`)
    expect(JSON.stringify(answer.commands)).not.toContain('touch')
    expect(existsSync(join(process.cwd(), 'pwned'))).toBe(false)
  })
})
