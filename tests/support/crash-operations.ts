import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../agent/exec/run.ts'
import {
  apply,
  type CrashSite,
  isOpenOnDisk,
  killWithin,
  type Outcome,
  otherGeneration,
  phaseOf,
} from './crash-site.ts'
import { GUEST } from './lab-host.ts'
import { tablesText } from './tables-text.ts'

/** What an operation that was cut off may have led to, how far it had come, and whether what is left to do takes a while. */
type Cut = { readonly outcomes: readonly Outcome[]; readonly phase: string; readonly isLater?: boolean }
/** Does something, and kills the agent in the middle. Nothing waits for a confirmation when it begins. */
type CrashOperation = {
  readonly name: string
  readonly weight: number
  readonly cut: (site: CrashSite) => Promise<Cut>
}

/** An apply takes some tens of milliseconds; the kill falls anywhere into it and behind it. */
const APPLY_MS = 80
/** What is written down behind an answer takes a few. */
const WRITE_MS = 25
const CONFIRM_MS = 10
/** From the change of somebody else to the end of the heal. */
const HEAL_MS = 250
/** An agent that starts reads its state, and looks at the kernel. */
const START_MS = 1000
/** An element that opens nothing to what is sent here. */
const STRANGE = ['nft', 'add', 'element', 'bridge', 'sluice', 'IP-ipv4', `{ "${GUEST.portDevice}" . 192.0.2.77 }`]

export const CRASH_OPERATIONS: readonly CrashOperation[] = [
  { name: 'apply', weight: 6, cut: (site) => cutApply(site, false) },
  { name: 'apply that waits for a confirmation', weight: 3, cut: (site) => cutApply(site, true) },
  { name: 'write', weight: 4, cut: cutWrite },
  { name: 'confirm', weight: 3, cut: cutConfirm },
  { name: 'roll back', weight: 3, cut: cutRollBack },
  { name: 'end of a window', weight: 1, cut: cutEnd },
  { name: 'heal', weight: 3, cut: cutHeal },
  { name: 'change before the first look', weight: 2, cut: changeUnseen },
  { name: 'change while it is dead', weight: 2, cut: changeDead },
  { name: 'start', weight: 3, cut: cutStart },
]

async function cutApply(site: CrashSite, isWindow: boolean): Promise<Cut> {
  const before = site.now
  const after = { generation: otherGeneration(site), isOpen: isWindow }
  const texts = await tablesText(site.enter())
  const answer = apply(site, after.generation, isWindow)
  await killWithin(site, APPLY_MS)
  const done = await answer
  const phase = phaseOf(site, texts !== (await tablesText(site.enter())))
  return { outcomes: done === undefined ? [before, after] : [after], phase }
}

async function cutWrite(site: CrashSite): Promise<Cut> {
  const after = await applied(site, false)
  await killWithin(site, WRITE_MS)
  return { outcomes: [after], phase: phaseOf(site, true) }
}

async function cutConfirm(site: CrashSite): Promise<Cut> {
  const open = await applied(site, true)
  const { id = '', key = '' } = site.window ?? {}
  const answer = site.agent.client.host.confirm.mutate({ id, key }).catch(() => undefined)
  await killWithin(site, CONFIRM_MS)
  const done = await answer
  const closed = { ...open, isOpen: false }
  const phase = isOpenOnDisk(site) ? 'not written down' : 'written down'
  return { outcomes: done?.ok === true ? [closed] : [open, closed], phase }
}

async function cutRollBack(site: CrashSite): Promise<Cut> {
  const { now } = site
  const open = await applied(site, true)
  const { id = '', key = '' } = site.window ?? {}
  const texts = await tablesText(site.enter())
  const answer = site.agent.client.host.rollBack.mutate({ id, key }).catch(() => undefined)
  await killWithin(site, APPLY_MS)
  const done = await answer
  const phase = phaseOf(site, texts !== (await tablesText(site.enter())))
  return { outcomes: done?.ok === true ? [now] : [open, now], phase }
}

async function cutEnd(site: CrashSite): Promise<Cut> {
  const { now } = site
  await applied(site, true)
  const texts = await tablesText(site.enter())
  await sleep(Math.max(0, Date.parse(site.window?.until ?? '') - Date.now() - APPLY_MS / 4))
  await killWithin(site, APPLY_MS * 1.5)
  const phase = phaseOf(site, texts !== (await tablesText(site.enter())))
  // When the agent is started again the time is over.
  return { outcomes: [now], phase, isLater: true }
}

async function cutHeal(site: CrashSite): Promise<Cut> {
  await changeByHand(site)
  await killWithin(site, HEAL_MS)
  const isThere = (await tablesText(site.enter())).includes('192.0.2.77')
  return { outcomes: [site.now], phase: phaseOf(site, !isThere), isLater: true }
}

async function changeUnseen(site: CrashSite): Promise<Cut> {
  await site.agent.client.host.pauseHealing.mutate({ minutes: 0, reason: 'another run' })
  const after = await applied(site, false)
  await killWithin(site, WRITE_MS)
  const phase = phaseOf(site, true)
  await run(STRANGE, { enter: site.enter() })
  return { outcomes: [after], phase, isLater: true }
}

async function changeDead(site: CrashSite): Promise<Cut> {
  const { agent, now } = site
  await agent.client.host.pauseHealing.mutate({ minutes: 0, reason: 'another run' })
  await agent.client.host.state.query()
  await agent.kill()
  await run(STRANGE, { enter: site.enter() })
  return { outcomes: [now], phase: phaseOf(site, true), isLater: true }
}

async function cutStart(site: CrashSite): Promise<Cut> {
  const { outcomes } = await cutApply(site, false)
  site.agent.launch()
  await killWithin(site, START_MS)
  return { outcomes, phase: phaseOf(site, true) }
}

async function applied(site: CrashSite, isWindow: boolean): Promise<Outcome> {
  const done = await apply(site, otherGeneration(site), isWindow)
  if (done === undefined) throw new Error('the agent does not answer')
  return done
}

async function changeByHand({ agent, enter }: CrashSite): Promise<void> {
  // Each run stands for itself: what was healed before is no fight.
  await agent.client.host.pauseHealing.mutate({ minutes: 0, reason: 'another run' })
  const { status, stderr } = await run(STRANGE, { enter: enter() })
  if (status !== 0) throw new Error(stderr)
}
