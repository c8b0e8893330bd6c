import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DesiredStateInput } from '../../agent/link/contract.ts'
import type { AgentProcess } from './agent-process.ts'
import { bindingXml, desire, GUEST } from './lab-host.ts'
import type { Random } from './random.ts'

/** What the first guest may have: its rules, its addresses, and whether the third guest has rules too. */
export type Generation = { readonly name: string; readonly input: DesiredStateInput; readonly hasSecond: boolean }
/** What the kernel may hold behind a crash, and whether it waits for a confirmation. */
export type Outcome = { readonly generation: Generation; readonly isOpen: boolean }
type Window = { readonly id: string; readonly key: string; readonly until: string }

/** The address that some generations give to the first guest beside its own. */
export const SECOND_IP = '192.0.2.110'
export const THIRD = { portDevice: 'vnet2', mac: '52:54:00:00:00:12', ip: '192.0.2.12' } as const
const WINDOW_S = 5
/** Only these have a state that connections are tracked for, in a table of their own. */
const WEB = `<filter name='web'>
  <filterref filter='clean-traffic'/>
  <rule action='accept' direction='out'><tcp state='NEW,ESTABLISHED'/></rule>
  <rule action='drop' direction='in'><tcp dstportstart='22'/></rule>
</filter>`

export const GENERATIONS: readonly Generation[] = (['clean-traffic', 'web'] as const).flatMap((filter) =>
  [false, true].map((hasSecond): Generation => {
    const input = desire(filter, { IP: hasSecond ? [GUEST.ip, SECOND_IP] : GUEST.ip }, { web: WEB })
    const third = { portDevice: THIRD.portDevice, xml: bindingXml('no-mac-spoofing', {}, THIRD.portDevice, THIRD.mac) }
    const name = `${filter} with ${hasSecond ? 'two addresses' : 'one address'}`
    const more = hasSecond ? { bindings: [...input.bindings, third] } : { clear: [THIRD.portDevice] }
    return { name, hasSecond, input: { ...input, ...more } }
  }),
)

/** An agent that is killed again and again, and what is known about it. */
export type CrashSite = {
  readonly agent: AgentProcess
  readonly random: Random
  readonly enter: () => readonly string[]
  /** What stands now. */
  now: Outcome
  /** What stands when the window that is open is taken back. */
  before: Generation
  window: Window | undefined
  /** Since when a window that was opened last may be over, in milliseconds since the epoch. */
  overAt: number
}

export function otherGeneration({ now, random }: CrashSite): Generation {
  return random.pick(GENERATIONS.filter(({ name }) => name !== now.generation.name))
}

/** Kills the agent so many milliseconds from now, at a moment that falls anywhere into them. */
export async function killWithin({ agent, random }: CrashSite, mostMs: number): Promise<void> {
  await sleep(random.next() * mostMs)
  await agent.kill()
}

/** Asks for another generation. Undefined where the agent died before it could answer. */
export async function apply(site: CrashSite, to: Generation, isWindow: boolean): Promise<Outcome | undefined> {
  const within = isWindow ? { confirmWithin: WINDOW_S } : {}
  site.overAt = Date.now() + WINDOW_S * 1000
  const answer = await site.agent.client.host.install.mutate({ ...to.input, ...within }).catch(() => undefined)
  if (answer === undefined) return undefined
  if (!answer.ok) throw new Error(`refused: ${answer.message} ${answer.raw}`)
  site.window = answer.window ?? undefined
  return { generation: to, isOpen: isWindow }
}

/** How far the agent had come, by what it left on the disk and in the kernel. Read before it is started again. */
export function phaseOf({ agent }: CrashSite, isSwitched: boolean): string {
  const names = readdirSync(agent.stateDir)
  if (names.some((name) => name.endsWith('.new'))) return 'while a file was written'
  if (names.includes('pending.json')) return isSwitched ? 'taken by the kernel and not written down' : 'noted'
  return isSwitched ? 'written down' : 'before it was noted'
}

/** What was in the state folder that could not be read. */
export function unreadable({ agent }: CrashSite): readonly string[] {
  return readdirSync(agent.stateDir).filter((name) => name.includes('.damaged-'))
}

/** Whether a window is open, as the disk says. */
export function isOpenOnDisk({ agent }: CrashSite): boolean {
  if (readdirSync(agent.stateDir).includes('pending.json')) return true
  const [, , rest = '{}'] = readFileSync(join(agent.stateDir, 'state.json'), 'utf8').split('\n')
  const { windows = {} } = JSON.parse(rest) as { readonly windows?: object }
  return Object.keys(windows).length > 0
}
