import { join } from 'node:path'
import { appliedDevices } from './applied-devices.ts'
import { writeBootFile } from './boot-file.ts'
import { type HostOptions, openCore } from './host-core.ts'
import { installEbtables } from './install-ebtables.ts'
import { installNft } from './install-nft.ts'
import type {
  DesiredStateInput,
  Found,
  HealPolicy,
  HostState,
  InstallOutcome,
  WindowInput,
  WindowOutcome,
} from './link/contract.ts'
import { log } from './log.ts'
import { openMonitors } from './monitors.ts'
import { done, refuseInput } from './outcome.ts'
import { readSets } from './read-sets.ts'
import { readDesired } from './reconcile/compile-desired.ts'
import { healDue } from './reconcile/healing.ts'
import { learnRequests } from './reconcile/learn-requests.ts'
import { expiredWindow, windowDue } from './reconcile/windows.ts'
import { refuseOtherPlan } from './refuse-other-plan.ts'
import { sayLearned } from './say-learned.ts'
import { serverLink } from './server-link.ts'
import { switchBackend } from './switch-backend.ts'
import { changeBack, findWindow, openWindow, refuseBusy } from './windows.ts'

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

/** The folder of sets, in the state directory. */
const SETS = 'sets'
/** Many changes in a row are looked at once. */
const GLANCE_AFTER_MS = 50
const BOOT_FILE_AFTER_MS = 300
/** What could not be taken back is tried again. */
const AGAIN_AFTER_MS = 1000

export function openHost(options: HostOptions): Host {
  const core = openCore(options)
  const { backend = 'nftables', stateDir } = options
  /** The process before ended before it had looked at what it loaded: what others did to that meanwhile would show nowhere. */
  const isUnseen = core.state().pending !== null || core.state().frame === null
  /** The stamp of sets that could not be taken, so that this is told once. */
  let refusedSets: string | undefined
  let monitors: { readonly close: () => void } | undefined
  let isWatching = false
  let isLookQueued = false
  let timer: NodeJS.Timeout | undefined
  let glance: NodeJS.Timeout | undefined
  let bootFile: NodeJS.Timeout | undefined
  let toldFailure = ''

  const server = serverLink((isUp) => {
    const text = isUp ? 'The console is connected.' : 'The console is gone. Rules and timers work on without it.'
    core.handle({ kind: 'told', what: 'link', text, portDevices: [] })
  })
  core.onLearned = (names) => core.inBackground(() => takeLearned(names))
  core.onEffect = (effect) => {
    if (!isWatching) return
    if (effect === 'heal') core.inBackground(heal)
    else if (effect === 'look') lookSoon()
    else glance ??= setTimeout(() => core.inBackground(glanceNow), GLANCE_AFTER_MS)
  }
  const isNft = () => core.state().backend === 'nftables'
  const look = async (isFull: boolean, hasNewLinks = false) => {
    await core.look(isFull, hasNewLinks)
    wakeInTime()
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
  const changed = (outcome: InstallOutcome) => {
    wakeInTime()
    if (outcome.ok) {
      writeBootFileSoon()
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
        const outcome = await switchBackend(core, backend)
        return outcome && changed(outcome)
      }),
    confirm: (input) =>
      core.inTurn(async () => {
        const window = findWindow(core, input)
        if ('ok' in window) return window
        core.handle({ kind: 'confirmed', id: window.id, by: input.by ?? null })
        core.write()
        writeBootFileSoon()
        return { ok: true, until: null }
      }),
    extend: (input) =>
      core.inTurn(async () => {
        const window = findWindow(core, input)
        if ('ok' in window) return window
        core.handle({ kind: 'extended', id: window.id, seconds: input.seconds, by: input.by ?? null })
        core.write()
        wakeInTime()
        return { ok: true, until: core.state().windows[window.id]?.until ?? null }
      }),
    rollBack: (input) =>
      core.inTurn(async () => {
        const window = findWindow(core, input)
        if ('ok' in window) return window
        const outcome = await takeBack(window.id, input.by ?? 'somebody')
        return outcome.ok ? { ok: true, until: null } : { ok: false, reason: 'refused', message: outcome.message }
      }),
    heal: () =>
      core.inTurn(async () => {
        core.handle({ kind: 'heal-pause', until: null, reason: 'somebody asked to heal now.' })
        core.loaded = undefined
        return heal()
      }),
    setHealing: (policy) => core.inTurn(async () => core.handle({ kind: 'heal-policy', policy })),
    pauseHealing: ({ minutes, reason }) =>
      core.inTurn(async () => {
        const until = minutes === 0 ? null : new Date(Date.now() + minutes * 60_000).toISOString()
        core.handle({ kind: 'heal-pause', until, reason })
        wakeInTime()
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
      if (bootFile !== undefined) writeBootFile(core)
    },
    close: () => {
      isWatching = false
      for (const one of [timer, glance, bootFile]) clearTimeout(one)
      bootFile = undefined
      monitors?.close()
      server.close()
      core.close()
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

  /** Makes the kernel what was applied. */
  async function heal(): Promise<InstallOutcome> {
    const nothing = { devices: [], clear: [], why: 'healing' } as const
    // An apply that came in between has made everything anew already.
    if (isNft() && core.loaded !== undefined) return done(nothing)
    const outcome = isNft()
      ? await installNft(core, nothing, { isHealing: true })
      : await installEbtables(core, { ...nothing, devices: appliedDevices(core.state()) })
    if (!outcome.ok) core.handle({ kind: 'heal-failed', raw: `${outcome.message} ${outcome.raw}`.trim() })
    return outcome
  }

  /** Addresses that filters ask for and bindings do not give are learned from now on, and others no more. */
  function learnWhatIsMissing(): void {
    if (!isWatching) return
    core.learning.request(isNft() ? learnRequests(core.state()) : [], Object.keys(core.state().applied))
  }

  /** What was heard of guests goes into sets: no rule changes but those of a guest that had no address before. */
  async function takeLearned(names: readonly string[]): Promise<void> {
    if (!isNft()) return
    const views = core.learning.views()
    for (const name of names) {
      const text = sayLearned(name, views.get(name)?.addresses ?? [])
      core.handle({ kind: 'told', what: 'learned', text, portDevices: [name] })
    }
    const outcome = await installNft(core, { devices: [], clear: [], why: 'learned' })
    if (outcome.ok) writeBootFileSoon()
    else core.handle({ kind: 'told', what: 'alarm', text: `${outcome.message} ${outcome.raw}`, portDevices: names })
  }

  async function takeBack(id: string, by: string | null): Promise<InstallOutcome> {
    const window = core.state().windows[id]
    if (window === undefined) return done({ devices: [], clear: [] })
    const change = changeBack(window, by)
    const outcome = changed(await (isNft() ? installNft(core, change) : installEbtables(core, change)))
    if (outcome.ok) {
      toldFailure = ''
    } else if (toldFailure !== id) {
      toldFailure = id
      const text = `The change cannot be taken back, and this is tried again: ${outcome.message} ${outcome.raw}`
      core.handle({ kind: 'told', what: 'alarm', text, portDevices: Object.keys(window.before) })
    }
    return outcome
  }

  async function watch(boot: string): Promise<void> {
    isWatching = true
    learnWhatIsMissing()
    const before = core.state().boot
    core.handle({ kind: 'boot', boot })
    // Rules of the last start are gone, or were loaded from the file: what was never confirmed is not loaded again.
    if (before !== '' && before !== boot) await startAnew()
    else if (isUnseen && core.state().lostAt === null && Object.keys(core.state().applied).length > 0)
      await loadUnseen()
    // Drift that the first look found: it was asked to be healed before anybody listened.
    else if (core.state().isHealing) await heal()
    core.hearsLinks = true
    monitors = openMonitors({
      enter: options.enter,
      onTables: (change) => core.handle({ kind: 'tables-changed', change }),
      onLinks: () => core.handle({ kind: 'links-changed' }),
      onGap: lookSoon,
    })
    wakeInTime()
  }

  async function startAnew(): Promise<void> {
    for (const id of Object.keys(core.state().windows)) await takeBack(id, 'the start of the system')
    if (!isNft() || Object.keys(core.state().applied).length === 0) return
    const outcome = await installNft(core, { devices: [], clear: [], why: 'start' }, { isHealing: true })
    if (!outcome.ok) log('error', 'start', { text: `${outcome.message} ${outcome.raw}` })
  }

  async function loadUnseen(): Promise<void> {
    const text = 'The agent was ended before it had looked at what it loaded last, which is loaded once more.'
    core.handle({ kind: 'told', what: 'healing', text, portDevices: [] })
    const outcome = await heal()
    if (!outcome.ok) log('error', 'start', { text: `${outcome.message} ${outcome.raw}` })
  }

  /** Wakes up when the first time has come: a window that ends, or drift that shall be healed then. */
  function wakeInTime(): void {
    clearTimeout(timer)
    if (!isWatching) return
    const due = Math.min(
      windowDue(core.state()) ?? Number.POSITIVE_INFINITY,
      healDue(core.state().healing) ?? Number.POSITIVE_INFINITY,
    )
    if (due === Number.POSITIVE_INFINITY) return
    timer = setTimeout(() => core.inBackground(act), Math.min(Math.max(due - Date.now(), 0), 2 ** 31 - 1))
  }

  async function act(): Promise<void> {
    const window = expiredWindow(core.state(), new Date().toISOString())
    if (window === undefined) return look(true)
    const { ok } = await takeBack(window.id, null)
    if (!ok) timer = setTimeout(() => core.inBackground(act), AGAIN_AFTER_MS)
  }

  function writeBootFileSoon(): void {
    bootFile ??= setTimeout(() => {
      core.inBackground(async () => {
        bootFile = undefined
        writeBootFile(core)
      })
    }, BOOT_FILE_AFTER_MS)
  }

  /** Takes what the admin changed in the folder of sets, unless a NIC would lose a set that its filter names. */
  async function takeSets(): Promise<void> {
    const found = readSets(join(stateDir, SETS), core.sets)
    if (found === core.sets || found.stamp === refusedSets) return
    const before = core.sets
    core.sets = found
    const isUsed = isNft() && Object.keys(core.state().applied).length > 0
    const nothing = { devices: [], clear: [], why: 'sets' } as const
    const outcome =
      found.errors.length > 0
        ? refuseInput(found.errors)
        : isUsed
          ? await installNft(core, nothing, { isStrict: true })
          : undefined
    if (outcome === undefined || outcome.ok) return
    core.sets = before
    refusedSets = found.stamp
    log('error', 'sets', { text: `They stay as they were: ${outcome.raw}` })
  }
}
