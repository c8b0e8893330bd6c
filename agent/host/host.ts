import type {
  DesiredStateInput,
  Found,
  HealPolicy,
  HostState,
  InstallOutcome,
  WindowInput,
  WindowOutcome,
} from '../link/contract.ts'
import { readDesired } from '../reconcile/compile-desired.ts'
import { healDue } from '../reconcile/healing.ts'
import { learnRequests } from '../reconcile/learn-requests.ts'
import { expiredWindow, windowDue } from '../reconcile/windows.ts'
import { alarmClock } from './alarm-clock.ts'
import { begin } from './begin.ts'
import { bootFile } from './boot-file.ts'
import { heal } from './heal.ts'
import { type HostOptions, openCore } from './host-core.ts'
import { installEbtables } from './install-ebtables.ts'
import { installNft } from './install-nft.ts'
import { openMonitors } from './monitors.ts'
import { done, refuseInput } from './outcome.ts'
import { refuseOtherPlan } from './refuse-other-plan.ts'
import { serverLink } from './server-link.ts'
import { switchBackend } from './switch-backend.ts'
import { takeLearned } from './take-learned.ts'
import { setsTaker } from './take-sets.ts'
import { windowCalls } from './window-calls.ts'
import { openWindow, refuseBusy } from './windows.ts'

/** One managed host. All writes to the kernel stand in one queue. */
export type Host = {
  readonly state: () => HostState
  /** The same, when everything that was begun has ended. */
  readonly settled: () => Promise<HostState>
  readonly look: () => Promise<void>
  readonly install: (input: DesiredStateInput) => Promise<InstallOutcome>
  /** Gives a device rules and counters of its own, or shares them with others again. Only nftables shares. */
  readonly observe: (portDevice: string, isObserved: boolean) => Promise<InstallOutcome>
  /** Gives every device its rules by the backend of this host, where the kernel holds those of another. */
  readonly switchBackend: () => Promise<InstallOutcome | undefined>
  readonly confirm: (input: WindowInput) => Promise<WindowOutcome>
  readonly extend: (input: WindowInput & { readonly seconds: number }) => Promise<WindowOutcome>
  readonly rollBack: (input: WindowInput) => Promise<WindowOutcome>
  /** Makes the kernel what was applied, whatever the policy, and ends a stop after a fight. */
  readonly heal: () => Promise<InstallOutcome>
  readonly setHealing: (policy: HealPolicy) => Promise<void>
  /** No minutes end the pause. */
  readonly pauseHealing: (input: { readonly minutes: number; readonly reason: string }) => Promise<void>
  /** Hears of changes from the kernel, and acts when a time has come. `boot` tells one start of the system from another. */
  readonly watch: (boot: string) => Promise<void>
  readonly subscribe: (listener: (state: HostState) => void) => () => void
  /** Bindings that stand on this host beside the console's. */
  readonly setFound: (found: Found) => void
  readonly persist: () => void
  /** Ends what waits for the next change, and what is heard. */
  readonly close: () => void
}

/** Many changes in a row are looked at once. */
const GLANCE_AFTER_MS = 50
/** What could not be taken back is tried again. */
const AGAIN_AFTER_MS = 1000

export function openHost(options: HostOptions): Host {
  const core = openCore(options)
  const isUnseen = core.state().pending !== null || core.state().frame === null
  const takeSets = setsTaker(core)
  const windows = windowCalls(core)
  const file = bootFile(core)
  let monitors: { readonly close: () => void } | undefined
  let isWatching = false
  let isLookQueued = false
  let glance: NodeJS.Timeout | undefined

  const clock = alarmClock(
    () => (isWatching ? earliest(windowDue(core.state()), healDue(core.state().healing)) : undefined),
    () => core.inBackground(act),
  )
  const server = serverLink((isUp) => {
    const text = isUp ? 'The console is connected.' : 'The console is gone. Rules and timers work on without it.'
    core.handle({ kind: 'told', what: 'link', text, portDevices: [] })
  })
  core.onLearned = (names) =>
    core.inBackground(async () => {
      await takeLearned(core, names)
      file.writeSoon()
    })
  core.onEffect = (effect) => {
    if (!isWatching) return
    if (effect === 'heal') core.inBackground(() => heal(core))
    else if (effect === 'look') lookSoon()
    else glance ??= setTimeout(() => core.inBackground(glanceNow), GLANCE_AFTER_MS)
  }
  const isNft = () => core.state().backend === 'nftables'
  const look = async (isFull: boolean, hasNewLinks = false) => {
    await core.look(isFull, hasNewLinks)
    clock.set()
  }
  const lookSoon = () => {
    if (isLookQueued) return
    isLookQueued = true
    core.inBackground(() => {
      isLookQueued = false
      return look(true)
    })
  }
  const glanceNow = () => {
    glance = undefined
    return look(false, true)
  }
  /** Behind everything that may have changed what is desired: times, the file for the next start, and what has to be learned. */
  const changed = <Outcome extends { readonly ok: boolean }>(outcome: Outcome): Outcome => {
    clock.set()
    if (outcome.ok) {
      file.writeSoon()
      learnWhatIsMissing()
    }
    return outcome
  }

  return {
    state: core.report,
    settled: async () => {
      // What was begun may have queued a look behind itself.
      await core.inTurn(() => Promise.resolve())
      return core.inTurn(() => Promise.resolve(core.report()))
    },
    look: () =>
      core.inTurn(async () => {
        await takeSets()
        await look(false)
      }),
    install: (input) => core.inTurn(async () => changed(await install(input))),
    observe: (portDevice, isObserved) =>
      core.inTurn(async () => {
        core.handle({ kind: 'observing', portDevice, isObserved })
        const nothing = { devices: [], clear: [], why: 'observing' } as const
        return isNft() ? changed(await installNft(core, nothing)) : done(nothing)
      }),
    switchBackend: () =>
      core.inTurn(async () => {
        const outcome = await switchBackend(core, options.backend ?? 'nftables')
        return outcome && changed(outcome)
      }),
    confirm: (input) => core.inTurn(async () => changed(windows.confirm(input))),
    extend: (input) => core.inTurn(async () => changed(windows.extend(input))),
    rollBack: (input) => core.inTurn(async () => changed(await windows.rollBack(input))),
    heal: () =>
      core.inTurn(async () => {
        core.handle({ kind: 'heal-pause', until: null, reason: 'somebody asked to heal now.' })
        core.loaded = undefined
        return heal(core)
      }),
    setHealing: (policy) => core.inTurn(async () => core.handle({ kind: 'heal-policy', policy })),
    pauseHealing: ({ minutes, reason }) =>
      core.inTurn(async () => {
        const until = minutes === 0 ? null : new Date(Date.now() + minutes * 60_000).toISOString()
        core.handle({ kind: 'heal-pause', until, reason })
        clock.set()
      }),
    watch: (boot) => core.inTurn(() => watch(boot)),
    subscribe: (listener) => {
      const leave = core.subscribe(listener)
      server.came()
      return () => {
        leave()
        server.went()
      }
    },
    setFound: (found) => {
      core.found = found
    },
    persist: () => {
      core.write()
      file.writeNow()
    },
    close: () => {
      isWatching = false
      clearTimeout(glance)
      for (const part of [clock, file, server, monitors, core]) part?.close()
    },
  }

  async function install(input: DesiredStateInput): Promise<InstallOutcome> {
    const { devices, errors, refusals } = readDesired(input)
    if (refusals.length > 0) return refuseInput(refusals)
    const busy = refuseBusy(core.state(), input)
    if (busy !== undefined) return busy
    if (isNft()) await takeSets()
    const other = refuseOtherPlan(core, devices, input)
    if (other !== undefined) return other
    const names = [...devices.map(({ portDevice }) => portDevice), ...input.clear]
    const opens = openWindow(core.state(), names, input)
    const change = { devices, clear: input.clear, why: 'asked', opens, by: input.by ?? null } as const
    return isNft() ? installNft(core, change, { errors }) : installEbtables(core, change, errors)
  }

  /** Addresses that filters ask for and bindings do not give are learned from now on, and others no more. */
  function learnWhatIsMissing(): void {
    if (!isWatching) return
    core.learning.request(isNft() ? learnRequests(core.state()) : [], Object.keys(core.state().applied))
  }

  async function watch(boot: string): Promise<void> {
    isWatching = true
    learnWhatIsMissing()
    await begin(core, windows, { boot, isUnseen })
    core.hearsLinks = true
    monitors = openMonitors({
      enter: options.enter,
      onTables: (change) => core.handle({ kind: 'tables-changed', change }),
      onLinks: () => core.handle({ kind: 'links-changed' }),
      onGap: lookSoon,
    })
    changed({ ok: true })
  }

  /** A time has come: that of a window that ends, or of drift that shall be healed. */
  async function act(): Promise<void> {
    const window = expiredWindow(core.state(), new Date().toISOString())
    if (window === undefined) return look(true)
    const { ok } = changed(await windows.takeBack(window.id, null))
    if (!ok) clock.snooze(AGAIN_AFTER_MS)
  }
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
