import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { agentProcess } from '../support/agent-process.ts'
import { out, STRANGER } from '../support/frames-of-guest.ts'
import { desire, GUEST } from '../support/lab-host.ts'

const AS_NOBODY = ['runuser', '-u', 'nobody', '--'] as const

/** Why this cannot be tried here; undefined when it can. */
const obstacle =
  process.getuid?.() !== 0
    ? 'it needs root to become an ordinary user'
    : spawnSync(AS_NOBODY[0], [...AS_NOBODY.slice(1), 'test', '-r', join(import.meta.dirname, '../../bin/main.ts')])
          .status !== 0
      ? 'an ordinary user cannot read this checkout'
      : spawnSync(AS_NOBODY[0], [...AS_NOBODY.slice(1), 'unshare', '-Urnm', 'true']).status !== 0
        ? 'this kernel gives ordinary users no namespaces'
        : undefined
if (obstacle !== undefined) console.log(`skipped: the lab of an ordinary user, because ${obstacle}`)

test.skipIf(obstacle !== undefined)('an ordinary user has a lab with real rules, in a user namespace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-nobody-'))
  execFileSync('chown', ['nobody', folder])
  const agent = agentProcess({ as: AS_NOBODY, folder })
  try {
    await agent.start()
    expect((await agent.client.host.state.query()).rootless).toBe(true)
    const forged = out.arp({ senderIp: STRANGER.ip })
    const honest = out.arp()
    const send = ({ from, hex }: typeof honest) => agent.client.lab.send.mutate({ from, hex })
    expect((await send(forged)).arrived).toContain('outside')
    expect(await agent.client.host.install.mutate(desire('clean-traffic', { IP: GUEST.ip }))).toMatchObject({
      ok: true,
    })
    expect(await send(forged)).toEqual({ arrived: [] })
    expect((await send(honest)).arrived).toContain('outside')
  } finally {
    await agent.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('where no namespace is given the agent says so and ends with status 4', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-refused-'))
  const main = join(import.meta.dirname, '../../bin/main.ts')
  // A limit of 0 namespaces is what a hardened host looks like to the agent; it is set in a namespace of its own.
  const refusing = 'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"'
  const args = [
    '-Ur',
    'sh',
    '-c',
    refusing,
    'sh',
    process.execPath,
    main,
    'agent',
    '--state',
    folder,
    '--socket',
    join(folder, 's'),
  ]
  const { status, stderr } = spawnSync('unshare', args, { encoding: 'utf8', timeout: 20_000 })
  rmSync(folder, { recursive: true, force: true })
  expect(stderr).toContain('no network namespace')
  expect(status).toBe(4)
})
