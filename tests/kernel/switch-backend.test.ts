import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Host, openHost } from '../../agent/host/host.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import type { BackendName } from '../../agent/link/contract.ts'
import { out, STRANGER } from '../support/frames-of-guest.ts'
import { kernelText } from '../support/kernel-text.ts'
import { desire, GUEST } from '../support/lab-host.ts'
import { nftText } from '../support/nft-text.ts'

const FORBIDDEN = [out.arp({ senderIp: STRANGER.ip }), out.ip({ srcIp: STRANGER.ip }), out.ip({ src: STRANGER.mac })]
const FRAMES = 600

let lab: Lab
let stateDir: string
beforeAll(async () => {
  lab = await createLab()
  stateDir = mkdtempSync(join(tmpdir(), 'sluice-switch-'))
})
afterAll(() => {
  for (const host of hosts) host.close()
  removeLab(lab)
  rmSync(stateDir, { recursive: true, force: true })
})

const hosts: Host[] = []
const open = (backend: BackendName) => {
  const host = openHost({ mode: 'lab', rootless: lab.rootless, stateDir, enter: enterHost(lab), backend })
  hosts.push(host)
  return host
}

test('an agent with another backend takes the rules over, and nothing slips through between', async () => {
  const first = open('ebiptables')
  expect(await first.install(desire('clean-traffic', { IP: GUEST.ip }))).toMatchObject({ ok: true })
  first.persist()
  for (const backend of ['nftables', 'ebiptables', 'nftables'] as const) {
    const host = open(backend)
    const frames = Array.from({ length: FRAMES }, (_, at) => FORBIDDEN[at % FORBIDDEN.length] ?? out.arp())
    const sending = sendFrames(lab, frames)
    expect(await host.switchBackend()).toMatchObject({ ok: true })
    expect((await sending).flat()).toEqual([])
    const { backend: now, portDevices } = await host.settled()
    expect(now).toBe(backend)
    expect(portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)).toMatchObject({ drift: 'in-sync' })
    const [ebtables, nft] = [await kernelText(enterHost(lab)), await nftText(enterHost(lab))]
    expect(ebtables.includes(GUEST.portDevice)).toBe(backend === 'ebiptables')
    expect(nft.includes(GUEST.portDevice)).toBe(backend === 'nftables')
    const [arrived] = await sendFrames(lab, [out.ip()])
    expect(arrived).toContain('outside')
    // A second start has nothing to take over.
    host.persist()
    expect(await open(backend).switchBackend()).toBeUndefined()
  }
})
