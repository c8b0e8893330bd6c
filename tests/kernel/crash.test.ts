import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterHost, LAB_GUESTS, type Lab } from '../../agent/lab/lab.ts'
import type { HostState } from '../../agent/link/contract.ts'
import { agentProcess } from '../support/agent-process.ts'
import { CRASH_OPERATIONS } from '../support/crash-operations.ts'
import {
  type CrashSite,
  GENERATIONS,
  type Generation,
  type Outcome,
  SECOND_IP,
  THIRD,
  unreadable,
} from '../support/crash-site.ts'
import { type Flow, type FlowCount, openFlow } from '../support/flow.ts'
import { flowFrames, frameTo, frameWith } from '../support/flow-frames.ts'
import { bindingXml, GUEST, NEIGHBOUR } from '../support/lab-host.ts'
import { quietLab } from '../support/quiet-lab.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { tablesText } from '../support/tables-text.ts'

/**
 * The agent is killed at random moments of all that it does, again and again, while guests send what they may and what they may not.
 * Behind each restart the kernel holds exactly one state that somebody asked for, and the agent knows which.
 */

const RUNS = Number(process.env.SLUICE_RUNS ?? 14)
const SEED = seedOfRun(7)
const FRAMES_PER_SECOND = 3000
/** What is healed, or goes back because its time is over, does so that soon behind a start. */
const SETTLED_WITHIN_MS = 3000

const agent = agentProcess()
const random = makeRandom(SEED)
let flow: Flow
let counts: readonly FlowCount[] = []
let site: CrashSite
const texts = new Map<string, string>()

beforeAll(async () => {
  await agent.start()
  const lab = agent.lab()
  await quietLab(lab, { guestMac: GUEST.mac, learning: false, bridgeNetfilter: true })
  const [first] = GENERATIONS
  if (first === undefined) throw new Error('no generation')
  const now = { generation: first, isOpen: false }
  site = { agent, random, enter: () => enterHost(lab), now, before: first, window: undefined, overAt: 0 }
  const xml = bindingXml('clean-traffic', { IP: NEIGHBOUR.ip }, NEIGHBOUR.portDevice)
  const neighbour = { portDevice: NEIGHBOUR.portDevice, xml }
  expect(await agent.client.host.install.mutate({ ...first.input, bindings: [neighbour] })).toMatchObject({ ok: true })
  for (const { name, input } of GENERATIONS.toReversed()) {
    expect(await agent.client.host.install.mutate(input)).toMatchObject({ ok: true })
    // Made anew, so that what stands here does not depend on what stood before.
    expect(await agent.client.host.heal.mutate()).toMatchObject({ ok: true })
    texts.set(name, await tablesText(site.enter()))
  }
  expect(new Set(texts.values()).size).toBe(GENERATIONS.length)
  flow = openFlow(lab, FRAMES_PER_SECOND)
  for (const { name } of LAB_GUESTS) await flow.open({ name, namespace: name, device: 'eth0', listens: true })
  await flow.send([...flowFrames(GUEST), ...flowFrames(NEIGHBOUR), frameTo(GUEST), frameTo(NEIGHBOUR)])
  await flow.send([frameWith(GUEST, SECOND_IP, 'second')])
})
afterAll(async () => {
  await flow?.close()
  await agent.stop()
})

test(
  `an agent that is killed ${RUNS} times`,
  async () => {
    const phases = new Map<string, number>()
    const failures: string[] = []
    for (const [at, operation] of planOf().entries()) {
      const fail = (what: string) => failures.push(`run ${at} (${operation.name}): ${what}`)
      try {
        site.before = site.now.generation
        site.window = undefined
        const { outcomes, phase, isLater = false } = await operation.cut(site)
        phases.set(`${operation.name}, ${phase}`, (phases.get(`${operation.name}, ${phase}`) ?? 0) + 1)
        await agent.start()
        site.now = await settle(outcomes, isLater)
        if (site.now.isOpen) site.now = await endWindow()
        for (const what of await judgeFlow()) fail(what)
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error))
        await recover()
      }
      for (const name of unreadable(site)) fail(`${name} could not be read`)
    }
    const told = [...phases].sort().map(([phase, count]) => `${phase}: ${count}`)
    const frames = counts.reduce((sum, { sent }) => sum + sent, 0)
    console.log(
      `crash: seed ${SEED}, ${RUNS} runs, ${failures.length} failures, ${frames} frames. Killed at ${told.join('; ')}`,
    )
    expect(failures).toEqual([])
    // Those that the agent hears by ended with it each time.
    expect(monitorsIn(agent.lab())).toEqual(['ip monitor link', 'nft monitor'])
    // Kills fell before the kernel took a change and behind it, so both ways were gone.
    const changes = [...phases.keys()].filter((phase) => /^(apply|write|roll back)/.test(phase))
    expect(changes.some((phase) => phase.endsWith('noted'))).toBe(true)
    expect(changes.some((phase) => phase.endsWith('written down'))).toBe(true)
  },
  120_000 + RUNS * 15_000,
)

/** Each operation once, some applies, and then what the weights say. */
function planOf() {
  const weighted = CRASH_OPERATIONS.flatMap((operation) => Array.from({ length: operation.weight }, () => operation))
  const applies = CRASH_OPERATIONS.filter(({ name }) => name.startsWith('apply'))
  const first = [...CRASH_OPERATIONS, ...applies, ...applies]
  const more = Math.max(0, RUNS - first.length)
  return [...first.slice(0, RUNS), ...Array.from({ length: more }, () => random.pick(weighted))]
}

/** What the kernel holds, which has to be one of the outcomes, and what the agent says it is. `isLater`: in a while. */
async function settle(outcomes: readonly Outcome[], isLater: boolean): Promise<Outcome> {
  const end = Date.now() + (isLater ? SETTLED_WITHIN_MS : 0)
  for (;;) {
    const state = await agent.client.host.state.query()
    const text = await tablesText(site.enter())
    const isOver = Date.now() >= site.overAt
    const back = { generation: site.before, isOpen: false }
    const all = isOver && outcomes.some(({ isOpen }) => isOpen) ? [...outcomes, back] : outcomes
    const isOpen = state.windows.length > 0
    const found = all.find((one) => texts.get(one.generation.name) === text && one.isOpen === isOpen)
    const isSound = state.healing.drift === null && state.portDevices.every(({ drift }) => drift !== 'drifted')
    const isHeld = GENERATIONS.find(({ name }) => texts.get(name) === text)
    const holds = `${isHeld?.name ?? 'what nobody asked for'}${isOpen ? ', in a window' : ''}`
    if (isSound && isHeld === undefined) throw new Error(`the kernel holds ${holds}, and the agent says it is in sync`)
    if (found !== undefined && isSound) {
      const lies = liesOf(state, found.generation, text)
      if (lies.length > 0) throw new Error(lies.join('; '))
      return found
    }
    const wanted = all.map((one) => `${one.generation.name}${one.isOpen ? ', in a window' : ''}`).join(' or ')
    const drift = JSON.stringify(state.healing.drift)
    if (Date.now() >= end) throw new Error(`the kernel holds ${holds}; expected was ${wanted}; the drift is ${drift}`)
    await sleep(50)
  }
}

/** Where the report of the agent is not about what the kernel holds. */
function liesOf(state: HostState, { input, hasSecond }: Generation, text: string): readonly string[] {
  const device = (name: string) => state.portDevices.find(({ portDevice }) => portDevice === name)
  const wanted = new Map(input.bindings.map(({ portDevice, xml }) => [portDevice, xml]))
  return [
    ...[GUEST.portDevice, THIRD.portDevice].flatMap((name) =>
      device(name)?.lastApplied?.bindingXml === wanted.get(name) ? [] : [`the report has another binding of ${name}`],
    ),
    ...(text.includes(`"${state.generation}"`) ? [] : ['the report has the hash of another generation']),
    ...((device(GUEST.portDevice)?.elements.join().includes(SECOND_IP) ?? false) === hasSecond
      ? []
      : ['the report has other elements than the kernel']),
  ]
}

/** Confirms the change that is open, takes it back, or waits until it goes back, which is all that is left without its key. */
async function endWindow(): Promise<Outcome> {
  const back = { generation: site.before, isOpen: false }
  const { window } = site
  if (window === undefined) {
    await sleep(Math.max(0, site.overAt - Date.now()))
    return settle([back], true)
  }
  const { id, key } = window
  if (random.chance(0.5)) {
    expect(await agent.client.host.rollBack.mutate({ id, key })).toMatchObject({ ok: true })
    return settle([back], false)
  }
  expect(await agent.client.host.confirm.mutate({ id, key })).toMatchObject({ ok: true })
  return settle([{ ...site.now, isOpen: false }], false)
}

/** What the frames tell: what passed and may not, what was lost, and whether the second address works where it shall. */
async function judgeFlow(): Promise<readonly string[]> {
  const before = counts
  const between = await flow.tell()
  const secondOf = (list: readonly FlowCount[]) => list.find(({ kind }) => kind === 'second')?.sent ?? 0
  do {
    await sleep(30)
    counts = await flow.tell()
  } while (secondOf(counts) === secondOf(between))
  const grown = (
    to: readonly FlowCount[],
    from: readonly FlowCount[],
    at: number,
    what: 'sent' | 'arrived' | 'astray',
  ) => (to[at]?.[what] ?? 0) - (from[at]?.[what] ?? 0)
  return counts.flatMap(({ kind, from }, at) => {
    const [sent, arrived, astray] = (['sent', 'arrived', 'astray'] as const).map((what) =>
      grown(counts, before, at, what),
    )
    if (kind === 'forbidden')
      return arrived === 0 && astray === 0 ? [] : [`${arrived}, ${astray} forbidden frames of ${from} passed`]
    if (kind === 'allowed')
      return sent === arrived ? [] : [`${sent} allowed frames of ${from} sent, ${arrived} arrived`]
    const is = { sent: grown(counts, between, at, 'sent'), arrived: grown(counts, between, at, 'arrived') }
    const shall = site.now.generation.hasSecond ? is.sent : 0
    return is.sent > 0 && is.arrived === shall
      ? []
      : [`of ${is.sent} frames with the second address ${is.arrived} arrived`]
  })
}

/** What listens in the lab, by its command lines. */
function monitorsIn({ pid }: Lab): readonly string[] {
  const namespaceOf = (process: string | number) => {
    try {
      return readlinkSync(`/proc/${process}/ns/net`)
    } catch {
      return undefined
    }
  }
  const here = namespaceOf(pid)
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && namespaceOf(name) === here)
  const commands = processes.map((name) => readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0'))
  return commands
    .filter((words) => words.includes('monitor'))
    .map(([program = '', ...args]) => [basename(program), ...args].join(' ').trim())
    .toSorted()
}

/** Behind a failure the other runs begin from what is known. */
async function recover(): Promise<void> {
  await agent.kill()
  await agent.start()
  await sleep(Math.max(0, site.overAt - Date.now()) + 500)
  const [first] = GENERATIONS
  if (first === undefined) return
  await agent.client.host.install.mutate(first.input)
  await agent.client.host.heal.mutate()
  site.now = { generation: first, isOpen: false }
  counts = await flow.tell()
}
