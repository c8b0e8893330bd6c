import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterHost, LAB_GUESTS } from '../../agent/lab/lab.ts'
import { agentProcess } from '../support/agent-process.ts'
import { type FlowCount, openFlow } from '../support/flow.ts'
import { flowFrames } from '../support/flow-frames.ts'
import { GUEST, NEIGHBOUR } from '../support/lab-host.ts'
import { makeGuests } from '../support/plug-nic.ts'
import { quietLab } from '../support/quiet-lab.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { residentKb } from '../support/resident-kb.ts'
import { slope } from '../support/slope.ts'
import { SOAK_EVENTS, type SoakEvent } from '../support/soak-events.ts'
import { anyBinding, inputOf, install, NEIGHBOUR_XML, type SoakSite } from '../support/soak-site.ts'
import { tablesText } from '../support/tables-text.ts'

/** All that happens on a host, in any order, for a long time. Now and then the kernel has to be what is desired, and nothing else. */

const MINUTES = Number(process.env.SLUICE_SOAK_MINUTES ?? 1 / 3)
const SEED = seedOfRun(17)
const CHECK_EVERY = 8
const FRAMES_PER_SECOND = 2000
/** A switch that somebody turns is found by a whole look, which comes every ten seconds. */
const SETTLED_WITHIN_MS = 15_000
const QUIET_MS = 100
const SAMPLE_MS = 1000
/** Of the time: behind that the agent is not killed any more, so that its memory can be followed. */
const KILLED_UNTIL = 1 / 3
/** Of the time behind that: what a process takes to get as big as it needs. */
const WARM_UP = 1 / 10
const LONG_MINUTES = 20
const MOST_GROWTH_KB_A_MINUTE = 500

const agent = agentProcess()
/** Another agent, which is only ever given what is desired now. */
const reference = agentProcess()
let site: SoakSite
let counts: readonly FlowCount[] = []

beforeAll(async () => {
  await Promise.all([agent.start(), reference.start()])
  for (const lab of [agent.lab(), reference.lab()]) {
    await quietLab(lab, { guestMac: GUEST.mac, learning: false, bridgeNetfilter: true })
  }
  const lab = agent.lab()
  await makeGuests(lab)
  const flow = openFlow(lab, FRAMES_PER_SECOND)
  for (const { name } of LAB_GUESTS) await flow.open({ name, namespace: name, device: 'eth0', listens: true })
  const random = makeRandom(SEED)
  site = { agent, flow, random, enter: enterHost(lab), desired: new Map(), plugged: new Set() }
  await install(site, { [GUEST.portDevice]: anyBinding(random), [NEIGHBOUR.portDevice]: NEIGHBOUR_XML })
  await flow.send([...flowFrames(GUEST), ...flowFrames(NEIGHBOUR)])
})
afterAll(async () => {
  await site?.flow.close()
  await Promise.all([agent.stop(), reference.stop()])
})

test(
  `${Math.round(MINUTES * 60)} seconds of everything`,
  async () => {
    const start = Date.now()
    const elapsed = () => (Date.now() - start) / 60_000
    const happened = new Map<string, number>()
    const memory: { at: number; value: number }[] = []
    const sampling = setInterval(() => {
      if (elapsed() > MINUTES * (KILLED_UNTIL + WARM_UP))
        memory.push({ at: elapsed(), value: residentKb(agent.pid() ?? 0) })
    }, SAMPLE_MS)
    let [events, checks, since] = [0, 0, [] as SoakEvent[]]
    try {
      while (elapsed() < MINUTES) {
        const event = draw(elapsed() < MINUTES * KILLED_UNTIL)
        await event.happen(site)
        since.push(event)
        events += 1
        happened.set(event.name, (happened.get(event.name) ?? 0) + 1)
        await sleep(site.random.below(300))
        if (events % CHECK_EVERY > 0 && elapsed() < MINUTES) continue
        await check(since)
        checks += 1
        since = []
      }
    } finally {
      clearInterval(sampling)
    }
    const growth = slope(memory)
    const told = [...happened].sort().map(([name, count]) => `${name}: ${count}`)
    console.log(
      `soak: seed ${SEED}, ${elapsed().toFixed(1)} min, ${events} events, ${checks} checks, ` +
        `${counts.reduce((sum, { sent }) => sum + sent, 0)} frames; agent ${memory[0]?.value} kB to ${memory.at(-1)?.value} kB, ` +
        `slope ${growth.toFixed(0)} kB a minute over ${memory.length} s; ${told.join(', ')}`,
    )
    expect(checks).toBeGreaterThan(0)
    if (MINUTES >= LONG_MINUTES) expect(growth).toBeLessThan(MOST_GROWTH_KB_A_MINUTE)
  },
  MINUTES * 60_000 * 1.5 + 120_000,
)

function draw(mayRestart: boolean): SoakEvent {
  const events = SOAK_EVENTS.filter(({ restarts = false }) => mayRestart || !restarts)
  let left = site.random.next() * events.reduce((sum, { weight }) => sum + weight, 0)
  for (const event of events) {
    left -= event.weight
    if (left < 0) return event
  }
  throw new Error('no event')
}

/** The kernel is what is desired, the agent says so, and guests send what they may and nothing else. */
async function check(since: readonly SoakEvent[]): Promise<void> {
  const what = `behind ${since.map(({ name }) => name).join(', ')}`
  const wanted = await referenceText()
  // What somebody else did a moment ago may not have been heard of yet.
  const wrong = async () => [...(await drifts()), ...differences(await oursOf(site.enter), wanted)]
  const end = Date.now() + SETTLED_WITHIN_MS
  let found = await wrong()
  for (; found.length > 0 && Date.now() < end; found = await wrong()) await sleep(100)
  if (found.length > 0) throw new Error([what, ...found, ...(await timeline())].join('\n'))
  const { portDevices, windows } = await agent.client.host.state.query()
  const applied = portDevices.flatMap(({ portDevice, lastApplied }) =>
    lastApplied === null ? [] : [[portDevice, lastApplied.bindingXml] as const],
  )
  expect(new Map(applied), what).toEqual(site.desired)
  expect(windows, what).toEqual([])
  const before = counts
  const between = await site.flow.tell()
  await sleep(QUIET_MS)
  counts = await site.flow.tell()
  const mayPass = since.some(({ opens = false }) => opens)
  expect(
    [...wrongSince(before, between, mayPass ? 'nothing' : 'forbidden'), ...wrongSince(between, counts, 'both')],
    what,
  ).toEqual([])
  expect(readdirSync(agent.stateDir).filter((name) => name.includes('.damaged-'))).toEqual([])
}

/** What the agent tells of the last minutes, for whoever looks into a failure. */
async function timeline(): Promise<readonly string[]> {
  const { timeline } = await agent.client.host.state.query()
  return timeline.slice(-20).map(({ at, kind, text }) => `${at} ${kind}: ${text}`)
}

async function drifts() {
  const { healing, portDevices } = await agent.client.host.state.query()
  const drifted = portDevices.filter(({ drift }) => drift === 'drifted').map(({ portDevice }) => portDevice)
  return [...drifted, ...(healing.drift?.differences ?? [])]
}

function differences(text: string, wanted: string): readonly string[] {
  if (text === wanted) return []
  const [is, shall] = [text.split('\n'), wanted.split('\n')]
  const lines = [
    ...shall.filter((line) => !is.includes(line)).map((line) => `gone: ${line.trim()}`),
    ...is.filter((line) => !shall.includes(line)).map((line) => `new: ${line.trim()}`),
  ]
  return lines.length > 0 ? lines : ['lines stand elsewhere']
}

async function referenceText(): Promise<string> {
  const changes: Record<string, string | undefined> = Object.fromEntries(site.desired)
  for (const { portDevice, lastApplied } of (await reference.client.host.state.query()).portDevices) {
    if (lastApplied !== null && !site.desired.has(portDevice)) changes[portDevice] = undefined
  }
  expect(await reference.client.host.install.mutate(inputOf(changes))).toMatchObject({ ok: true })
  return oursOf(enterHost(reference.lab()))
}

/** Without the tables of others, and without the hash, which is also about the order in which NICs came. */
async function oursOf(enter: readonly string[]): Promise<string> {
  const tables = (await tablesText(enter)).split(/^(?=table )/m)
  const ours = tables.filter((table) => /^table \S+ sluice /.test(table)).join('')
  return ours.replace(/(counter generation \{\s*comment) "\w+"/, '$1').trim()
}

/** What passed and may not, and what did not and may. What a NIC sends that is not plugged in yet gets nowhere. */
function wrongSince(from: readonly FlowCount[], to: readonly FlowCount[], what: 'nothing' | 'forbidden' | 'both') {
  return to.flatMap((count) => {
    const before = from.find(({ kind, from }) => kind === count.kind && from === count.from)
    const sent = count.sent - (before?.sent ?? 0)
    const arrived = count.arrived - (before?.arrived ?? 0)
    const astray = count.astray - (before?.astray ?? 0)
    const isWrong =
      count.kind === 'forbidden' ? what !== 'nothing' && arrived + astray > 0 : what === 'both' && arrived !== sent
    return isWrong ? [`${count.kind} frames of ${count.from}: ${sent} sent, ${arrived} arrived`] : []
  })
}
