import { z } from 'zod'
import type { NftCapabilities } from '#engine'
import type { LearningView } from '../learn/learning-view.ts'

/** Linux lets a device be called like something that every object of JavaScript has; here it would be found where there is none. */
const portDeviceName = z
  .string()
  .min(1)
  .max(15)
  .refine((name) => !(name in {}), 'no port device can be called like this here')

/** A filter or binding travels as its XML text: the agent compiles it itself and never takes commands or rules. */
const namedText = z.strictObject({ name: z.string().min(1).max(256), xml: z.string().max(5_000_000) })

/** What becomes of a device whose binding cannot be compiled: it keeps its last good rules, or nothing passes. */
const WHEN_BROKEN = ['keep', 'drop'] as const
export type WhenBroken = (typeof WHEN_BROKEN)[number]

/** Bounds of the time in which a change has to be confirmed, in seconds. */
const CONFIRM_WITHIN = { least: 5, most: 3600 } as const
const confirmWithin = z.number().int().min(CONFIRM_WITHIN.least).max(CONFIRM_WITHIN.most)
/** Who asks, in words for people. */
const by = z.string().max(256)

/** What the server asks for: these port devices get these bindings; those in `clear` get no filter at all. */
export const desiredStateInput = z.strictObject({
  filters: z.array(namedText).max(10_000),
  bindings: z
    .array(
      z.strictObject({
        portDevice: portDeviceName,
        xml: z.string().max(5_000_000),
        whenBroken: z.enum(WHEN_BROKEN).optional(),
      }),
    )
    .max(10_000),
  clear: z.array(portDeviceName).max(10_000),
  /** Without a confirmation in so many seconds the devices go back to what they had. Without a number there is no way back. */
  confirmWithin: confirmWithin.optional(),
  /** The hash of the rules that the plan showed for these bindings; the agent refuses when its own differ. */
  rulesetHash: z.string().max(64).optional(),
  by: by.optional(),
})
/** The window of a change that waits for its confirmation, and the key that only who asked for the change was given. */
export const windowInput = z.strictObject({ id: z.string().max(64), key: z.string().max(64), by: by.optional() })
export type WindowInput = z.infer<typeof windowInput>
export const extendInput = windowInput.extend({ seconds: confirmWithin })
/** How drift is healed: at once, after so many seconds, or when somebody asks. */
export const healPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('now') }),
  z.strictObject({ kind: z.literal('after'), seconds: z.number().int().min(1).max(3600) }),
  z.strictObject({ kind: z.literal('ask') }),
])
export type HealPolicy = z.infer<typeof healPolicy>
export const pauseInput = z.strictObject({
  minutes: z.number().int().min(0).max(1440),
  reason: z.string().min(1).max(500),
})

/** How rules get into the kernel. */
export const BACKENDS = ['nftables', 'ebiptables'] as const
export type BackendName = (typeof BACKENDS)[number]

/** Whether a device gets rules and counters of its own. */
export const observeInput = z.strictObject({ portDevice: portDeviceName, isObserved: z.boolean() })
export type DesiredStateInput = z.infer<typeof desiredStateInput>

/** A frame to put on the wire of the lab. */
export const labSendInput = z.strictObject({
  from: z.string().max(15),
  hex: z.string().regex(/^([0-9a-fA-F]{2}){14,1600}$/),
})
/** A command to run inside a namespace of the lab; always an argument array. */
export const labExecInput = z.strictObject({ in: z.string().max(15), command: z.array(z.string()).min(1).max(256) })

/** How an attempt to install ended. After a failure the previous state stands exactly as it was. */
export type InstallOutcome =
  | {
      readonly ok: true
      readonly at: string
      readonly portDevices: readonly string[]
      /** Devices whose binding cannot be compiled: the others did not wait for them. */
      readonly broken: readonly BrokenDevice[]
      /** Where a confirmation was asked for: how to give it. */
      readonly window: { readonly id: string; readonly key: string; readonly until: string } | null
    }
  | {
      readonly ok: false
      /**
       * `input`: the filters or bindings have errors. `kernel`: a tool or the kernel refused. `busy`: a device waits for a confirmation
       * of another change. `plan`: the rules are not those that the plan showed. `memory`: the agent does not know what the kernel holds.
       */
      readonly reason: 'input' | 'kernel' | 'busy' | 'plan' | 'memory'
      readonly message: string
      /** The kernel's or tool's own words, or the diagnostics rendered. */
      readonly raw: string
    }

/** `text` is the rule without its chain: as nft lists it, or as ebtables arguments joined by blanks. */
type KernelRule = { readonly text: string; readonly packets: number; readonly bytes: number }
export type KernelChain = { readonly name: string; readonly rules: readonly KernelRule[] }

/**
 * A rule's monotonic total since `countersSince`. `key` is the name of its nftables counter, which all devices with that rule
 * share; for ebtables `CHAIN TEXT #N` of the engine's own print (final chain names, N counts equal rules of one chain from 0).
 * Packets and bytes never fall while the agent keeps its state directory.
 */
export type RuleCounter = { readonly key: string; readonly packets: number; readonly bytes: number }

/** How an attempt to confirm, extend or take back a change ended. */
export type WindowOutcome =
  | { readonly ok: true; readonly until: string | null }
  | { readonly ok: false; readonly reason: 'unknown' | 'foreign' | 'late' | 'refused'; readonly message: string }

/** A device whose desired binding cannot be compiled, and what it has instead. */
export type BrokenDevice = {
  readonly portDevice: string
  readonly since: string
  readonly filter: string
  readonly whenBroken: WhenBroken
  /** Why, rendered for people. */
  readonly errors: readonly string[]
  /** `kept`: the last good rules. `dropped`: nothing passes. `open`: it had no rules, so everything passes. */
  readonly effect: 'kept' | 'dropped' | 'open'
}

/** Bindings that stand on a host beside the console's: nothing is done with them before somebody applies them. */
export type Found = {
  readonly bindings: readonly {
    readonly portDevice: string
    readonly xml: string
    readonly origin: 'libvirt' | 'file'
    readonly file: string
  }[]
  /** Files that could not be read, and why. */
  readonly problems: readonly string[]
}

/** Something that happened on the host, oldest first. Numbers rise by one. */
export type TimelineEntry = {
  readonly number: number
  readonly at: string
  readonly kind:
    | 'applied'
    | 'refused'
    | 'drift'
    | 'healed'
    | 'gone'
    | 'alarm'
    | 'window-opened'
    | 'window-extended'
    | 'confirmed'
    | 'rolled-back'
    | 'broken'
    | 'memory'
    | 'healing'
    | 'learned'
    | 'link'
    | 'foreign'
  /** In a sentence. */
  readonly text: string
  readonly portDevices: readonly string[]
}

/** The kernel holds something else than was applied. */
export type Drift = {
  readonly since: string
  /** The likely cause, in a sentence. */
  readonly cause: string
  /** The first differences, in words. */
  readonly differences: readonly string[]
  readonly portDevices: readonly string[]
}

type HealingState = {
  readonly policy: HealPolicy
  readonly pausedUntil: string | null
  readonly pauseReason: string | null
  /** Since when nothing is healed any more, because something fights. */
  readonly stoppedAt: string | null
  readonly drift: Drift | null
}

/** A change that goes back by itself at `until` unless it is confirmed. */
export type OpenWindow = {
  readonly id: string
  readonly openedAt: string
  readonly until: string
  readonly by: string | null
  readonly portDevices: readonly string[]
}

/** Rules of somebody else that frames of guests meet, by base chain. They are shown and never changed. */
export type ForeignChain = {
  readonly family: string
  readonly table: string
  readonly chain: string
  readonly hook: string
  readonly priority: number
  readonly policy: string
  /** Frames meet it before our rules. */
  readonly isAhead: boolean
  readonly rules: readonly string[]
}

export type PortDeviceState = {
  readonly portDevice: string
  /** The device exists on the host. */
  readonly present: boolean
  /** It has nftables rules and counters of its own. */
  readonly isObserved: boolean
  /** The binding and filters that were installed last, as they were sent; null where nothing was. */
  readonly lastApplied: {
    readonly at: string
    readonly filter: string
    readonly bindingXml: string
    readonly filters: readonly { readonly name: string; readonly xml: string }[]
  } | null
  /** Our chains of this device as the kernel holds them now. */
  readonly kernel: readonly KernelChain[]
  /** What the device has in sets and maps of nftables, as `SET KEY`; none with ebtables. */
  readonly elements: readonly string[]
  /** `in-sync`: the kernel holds what was applied. `drifted`: it does not. `none`: nothing applied, nothing there. */
  readonly drift: 'in-sync' | 'drifted' | 'none'
  /** Set where its desired binding cannot be compiled. */
  readonly broken: BrokenDevice | null
  /** What is known of its addresses, where the binding gives none; null where nothing is learned. */
  readonly learning: LearningView | null
  readonly counters: readonly RuleCounter[]
  readonly countersSince: string | null
}

/** A set of the host, by the shape of its entries. */
export type HostSet = {
  readonly name: string
  readonly family: 'ip' | 'ip6' | null
  readonly dimensions: readonly ('address' | 'mac' | 'port')[]
}

/** One report of the agent, about once a second. `sequence` rises by one; `at` is the host's clock. */
export type HostState = {
  readonly host: string
  readonly mode: 'lab' | 'host' | 'libvirt'
  readonly rootless: boolean
  readonly backend: BackendName
  /** Sets that rules with `ipset` can look into, without what they hold. */
  readonly sets: readonly HostSet[]
  readonly sequence: number
  readonly at: string
  /** What rules are compiled for. */
  readonly capabilities: NftCapabilities
  /** The hash of what our tables hold; empty where there are none. */
  readonly generation: string
  readonly healing: HealingState
  readonly windows: readonly OpenWindow[]
  readonly timeline: readonly TimelineEntry[]
  readonly foreign: readonly ForeignChain[]
  readonly found: Found
  readonly portDevices: readonly PortDeviceState[]
}
