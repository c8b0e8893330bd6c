import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sluice } from '../support/sluice.ts'

const CROOKED = `<filter name="x"   chain='root'>\n\t<rule action='drop' direction='in'></rule><!-- all -->\n</filter>`
const STRAIGHT = `<filter name="x" chain='root'>\n  <rule action='drop' direction='in'/> <!-- all -->\n</filter>\n`
const BROKEN = `<filter name='x'>\n  <rule>\n</filter>\n`

let folder: string
const inFolder = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(inFolder(name), 'utf8')
const run = (...args: string[]) => sluice(['format', ...args], { cwd: folder })
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-format-'))
  writeFileSync(inFolder('crooked.xml'), CROOKED)
  writeFileSync(inFolder('straight.xml'), STRAIGHT)
  writeFileSync(inFolder('broken.xml'), BROKEN)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([[[]], [['not-there.xml']], [['--frobnicate', 'straight.xml']], [['--write', '--check', 'crooked.xml']]])(
  'wrong usage: sluice format %j',
  (args) => {
    const { status, stdout, stderr } = run(...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('sluice format [--write|--check]')
    expect(read('crooked.xml')).toBe(CROOKED)
  },
)

describe('without options', () => {
  test('prints the texts in order and touches none', () => {
    expect(run('crooked.xml', 'straight.xml')).toEqual({ status: 0, stdout: STRAIGHT + STRAIGHT, stderr: '' })
    expect(read('crooked.xml')).toBe(CROOKED)
  })

  test('says where a text is wrong, and prints the others', () => {
    writeFileSync(inFolder('latin1.xml'), Buffer.from(`<filter name='\xe4'/>`, 'latin1'))
    const { status, stdout, stderr } = run('broken.xml', 'crooked.xml', 'latin1.xml')
    expect({ status, stdout }).toEqual({ status: 1, stdout: STRAIGHT })
    expect(stderr).toMatch(/^broken\.xml:2:4: error NWF101 .*\n {2}<rule>\n {3}\^{4}\nlatin1\.xml:1:15: error NWF113 /)
  })
})

describe('--check', () => {
  test('names what would change, and changes nothing', () => {
    expect(run('--check', 'straight.xml', 'crooked.xml')).toEqual({ status: 1, stdout: 'crooked.xml\n', stderr: '' })
    expect(read('crooked.xml')).toBe(CROOKED)
    expect(run('--check', 'straight.xml')).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('fails for a text with errors', () => {
    expect(run('--check', 'broken.xml')).toMatchObject({ status: 1, stdout: '' })
  })
})

describe('--write', () => {
  test('rewrites what changes and names it; a folder stands for its files', () => {
    mkdirSync(inFolder('all'))
    writeFileSync(inFolder('all/a.xml'), STRAIGHT)
    writeFileSync(inFolder('all/b.xml'), CROOKED)
    const before = statSync(inFolder('all/a.xml')).mtimeMs
    expect(run('--write', 'all')).toEqual({ status: 0, stdout: '', stderr: 'all/b.xml\n' })
    expect([read('all/a.xml'), read('all/b.xml')]).toEqual([STRAIGHT, STRAIGHT])
    expect(statSync(inFolder('all/a.xml')).mtimeMs).toBe(before)
    expect(readdirSync(inFolder('all')).sort()).toEqual(['a.xml', 'b.xml'])
    expect(run('--write', 'all')).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test.each([0o640, 0o444, 0o755])('keeps the mode %o', (mode) => {
    chmodSync(inFolder('crooked.xml'), mode)
    expect(run('--write', 'crooked.xml').status).toBe(0)
    expect(read('crooked.xml')).toBe(STRAIGHT)
    expect(statSync(inFolder('crooked.xml')).mode & 0o7777).toBe(mode)
  })

  test('behind a link the file changes, and the link stays', () => {
    symlinkSync('crooked.xml', inFolder('link.xml'))
    expect(run('--write', 'link.xml')).toEqual({ status: 0, stdout: '', stderr: 'link.xml\n' })
    expect(lstatSync(inFolder('link.xml')).isSymbolicLink()).toBe(true)
    expect(read('crooked.xml')).toBe(STRAIGHT)
  })

  test('leaves a text with errors alone and goes on', () => {
    const { status, stderr } = run('--write', 'broken.xml', 'crooked.xml')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^broken\.xml:2:4: error NWF101 [\s\S]*\ncrooked\.xml\n$/)
    expect([read('broken.xml'), read('crooked.xml')]).toEqual([BROKEN, STRAIGHT])
  })
})

test('--json: a line for each file', () => {
  const answers = (...args: string[]) => {
    const { status, stdout } = run('--json', ...args)
    return [
      status,
      ...stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ]
  }
  const straight = { file: 'straight.xml', changed: false, formatted: STRAIGHT }
  const crooked = { file: 'crooked.xml', changed: true, formatted: STRAIGHT }
  expect(answers('straight.xml', 'crooked.xml')).toEqual([0, straight, crooked])
  expect(answers('--check', 'crooked.xml')).toEqual([1, crooked])
  expect(answers('broken.xml')).toEqual([1, { file: 'broken.xml', changed: false, formatted: null }])
  expect(read('crooked.xml')).toBe(CROOKED)
  expect(answers('--write', 'crooked.xml')).toEqual([0, crooked])
  expect(read('crooked.xml')).toBe(STRAIGHT)
})

test('what it writes means what was written', () => {
  const canonical = sluice(['canonical', 'crooked.xml'], { cwd: folder })
  run('--write', 'crooked.xml')
  expect(sluice(['canonical', 'crooked.xml'], { cwd: folder })).toEqual(canonical)
  expect(canonical.status).toBe(0)
})
