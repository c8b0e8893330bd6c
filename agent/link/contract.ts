import { z } from 'zod'

/** A filter or binding travels as its XML text: the agent compiles it itself and never takes commands or rules. */
const namedText = z.object({ name: z.string().min(1).max(256), xml: z.string().max(5_000_000) })

/** What the server asks for: these port devices get these bindings; those in `clear` get no filter at all. */
export const desiredStateInput = z.object({
  filters: z.array(namedText).max(10_000),
  bindings: z.array(z.object({ portDevice: z.string().min(1).max(15), xml: z.string().max(5_000_000) })).max(10_000),
  clear: z.array(z.string().min(1).max(15)).max(10_000),
})
/** How rules get into the kernel. */
export const BACKENDS = ['nftables', 'ebiptables'] as const
export type BackendName = (typeof BACKENDS)[number]

/** Whether a device gets rules and counters of its own. */
export const observeInput = z.object({ portDevice: z.string().min(1).max(15), isObserved: z.boolean() })
export type DesiredStateInput = z.infer<typeof desiredStateInput>

/** A frame to put on the wire of the lab. */
export const labSendInput = z.object({ from: z.string().max(15), hex: z.string().regex(/^([0-9a-fA-F]{2}){14,1600}$/) })
/** A command to run inside a namespace of the lab; always an argument array. */
export const labExecInput = z.object({ in: z.string().max(15), command: z.array(z.string()).min(1).max(256) })

/** How an attempt to install ended. After a failure the previous state stands exactly as it was. */
export type InstallOutcome =
  | { readonly ok: true; readonly at: string; readonly portDevices: readonly string[] }
  | {
      readonly ok: false
      /** `input`: the filters or bindings have errors. `kernel`: a tool or the kernel refused. */
      readonly reason: 'input' | 'kernel'
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
  readonly portDevices: readonly PortDeviceState[]
}
