import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReadyProgram, readyProgram } from '../../agent/exec/ready-program.ts'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { runTool } from '../support/run-tool.ts'

const READY_PROGRAM = join(import.meta.dirname, '../../agent/exec/ready-program.ts')
/** The longest input that a pipe is given, in bytes. */
const LONGEST = 32_768

let lab: Lab
let nft: ReadyProgram

beforeAll(async () => {
  lab = await createLab()
  nft = readyProgram(['nft', '-f', '-'], enterHost(lab))
})
afterAll(() => {
  nft.close()
  removeLab(lab)
})

/** Every nft in the namespace of the lab. */
function waiting(): readonly number[] {
  const namespaceOf = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/net`)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'nft\n' && namespaceOf(pid) === namespaceOf(lab.pid)
      } catch {
        // It has ended since it was listed.
        return false
      }
    })
    .map(Number)
}
async function tables(): Promise<string> {
  return (await run(['nft', 'list', 'tables'], { enter: enterHost(lab) })).stdout
}
async function prepared(): Promise<number> {
  nft.prepare()
  await expect.poll(waiting).toHaveLength(1)
  return waiting()[0] ?? 0
}
async function gone(pid: number): Promise<void> {
  await expect.poll(() => waiting().includes(pid)).toBe(false)
}

test('a program that waits takes the next input, and nothing before it', async () => {
  const pid = await prepared()
  nft.prepare()
  expect(waiting()).toEqual([pid])
  expect(await tables()).toBe('')
  expect(await nft.run('add table bridge one\n')).toMatchObject({ status: 0, stderr: '' })
  expect(await tables()).toBe('table bridge one\n')
  await gone(pid)
})

test('without one that waits, the program is started', async () => {
  expect(waiting()).toEqual([])
  expect(await nft.run('add table bridge two\n')).toMatchObject({ status: 0 })
  expect(await tables()).toContain('table bridge two\n')
})

test('one that was killed while it waited is replaced', async () => {
  const pid = await prepared()
  process.kill(pid, 'SIGKILL')
  await gone(pid)
  // Until this process has heard of it.
  await sleep(100)
  expect(await nft.run('add table bridge three\n')).toMatchObject({ status: 0 })
  expect(await tables()).toContain('table bridge three\n')
})

test('a long input does not go through the pipe, where a killed process would leave half of it', async () => {
  const pid = await prepared()
  const elements = Array.from({ length: 20_000 }, (_, at) => `10.1.${at >> 8}.${at & 255}`)
  const script = `table ip many { set many { type ipv4_addr; elements = { ${elements.join(', ')} }; }; }\n`
  expect(await nft.run(script)).toMatchObject({ status: 0, stderr: '' })
  expect(waiting()).toEqual([pid])
  const { stdout } = await run(['nft', 'list', 'set', 'ip', 'many', 'many'], { enter: enterHost(lab) })
  expect(stdout.match(/10\.1\.\d+\.\d+/g)).toHaveLength(elements.length)
})

test('the longest input for the pipe arrives whole from a process that is killed at once', async () => {
  const last = 'add table bridge four\n'
  const killed = `
    import { setTimeout } from 'node:timers/promises'
    import { readyProgram } from ${JSON.stringify(READY_PROGRAM)}
    const nft = readyProgram(['nft', '-f', '-'], ${JSON.stringify(enterHost(lab))})
    nft.prepare()
    await setTimeout(500)
    void nft.run('#'.padEnd(${LONGEST - last.length - 1}, 'x') + ${JSON.stringify(`\n${last}`)})
    process.kill(process.pid, 'SIGKILL')
  `
  expect(runTool([process.execPath, '--input-type=module', '--eval', killed])).toMatchObject({
    status: null,
    stderr: '',
  })
  await expect.poll(tables).toContain('table bridge four\n')
})

test('what the program says of an input comes back', async () => {
  await prepared()
  const { status, stderr } = await nft.run('add chain bridge none one\n')
  expect(status).toBe(1)
  expect(stderr).toContain('No such file or directory')
})

test('one that waits when it is closed ends, and has done nothing', async () => {
  const before = await tables()
  const pid = await prepared()
  nft.close()
  await gone(pid)
  expect(await tables()).toBe(before)
  nft.prepare()
  expect(waiting()).toEqual([])
})
