import { shortHash } from '#engine'
import type { HostState, KernelChain, PortDeviceState, RuleCounter } from './contract.ts'

type Texts = NonNullable<PortDeviceState['lastApplied']>['filters']
type LastApplied = Omit<NonNullable<PortDeviceState['lastApplied']>, 'filters'> & { readonly filters: string }

/** A device on the wire: what many devices have in common stands once, and is named by its slot. */
type WireDevice = Omit<PortDeviceState, 'portDevice' | 'kernel' | 'counters' | 'lastApplied'> & {
  readonly lastApplied: LastApplied | null
  readonly kernel: string
  readonly counters: string
}
type Facts = Omit<HostState, 'portDevices'>

/** What changed since the report before; everything in the first one. Slots that no device names any more are forgotten. */
export type HostDelta = {
  readonly facts: Partial<Facts>
  readonly kernels: Readonly<Record<string, readonly KernelChain[]>>
  readonly counters: Readonly<Record<string, readonly RuleCounter[]>>
  readonly texts: Readonly<Record<string, Texts>>
  readonly devices: Readonly<Record<string, WireDevice>>
  readonly gone: readonly string[]
}

/** What one side knows of the other. */
type Known = {
  readonly facts: Partial<Facts>
  readonly kernels: Map<string, readonly KernelChain[]>
  readonly counters: Map<string, readonly RuleCounter[]>
  readonly texts: Map<string, Texts>
  readonly devices: Map<string, WireDevice>
}

/** The side that tells: each report as what is new in it. One for each listener. */
export function deltaWriter(): (state: HostState) => HostDelta {
  let known = nothing()
  const names = new WeakMap<Texts, string>()
  return ({ portDevices, ...facts }) => {
    const next = nothing()
    for (const { portDevice, kernel, counters, lastApplied, ...rest } of portDevices) {
      const kernelSlot = slotOf(kernel, () => kernel.map(({ name }) => name))
      const counterSlot = slotOf(counters, () => counters.map(({ key }) => key))
      if (!next.kernels.has(kernelSlot)) next.kernels.set(kernelSlot, kernel)
      if (!next.counters.has(counterSlot)) next.counters.set(counterSlot, counters)
      next.devices.set(portDevice, {
        ...rest,
        lastApplied: lastApplied && { ...lastApplied, filters: nameTexts(lastApplied.filters, names, next.texts) },
        kernel: kernelSlot,
        counters: counterSlot,
      })
    }
    const delta = {
      facts: changesOf(known.facts, facts),
      kernels: changed(known.kernels, next.kernels),
      counters: changed(known.counters, next.counters),
      texts: changed(known.texts, next.texts),
      devices: changed(known.devices, next.devices),
      gone: [...known.devices.keys()].filter((name) => !next.devices.has(name)),
    }
    known = { ...next, facts }
    return delta
  }
}

/** The side that hears: the whole report behind each delta. Throws for one that names what was never told. */
export function deltaReader(): (delta: HostDelta) => HostState {
  let known = nothing()
  return (delta) => {
    const devices = new Map(known.devices)
    for (const name of delta.gone) devices.delete(name)
    for (const [name, device] of Object.entries(delta.devices)) devices.set(name, device)
    const [kernels, counters, texts] = [
      merged(known.kernels, delta.kernels),
      merged(known.counters, delta.counters),
      merged(known.texts, delta.texts),
    ]
    const facts = { ...known.facts, ...delta.facts } as Facts
    known = { facts, kernels, counters, texts, devices }
    forgetUnused(known)
    const portDevices = [...devices]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([portDevice, device]) => ({
        ...device,
        portDevice,
        kernel: told(kernels, device.kernel),
        counters: told(counters, device.counters),
        lastApplied: device.lastApplied && { ...device.lastApplied, filters: told(texts, device.lastApplied.filters) },
      }))
    return { ...facts, portDevices }
  }
}

function forgetUnused({ kernels, counters, texts, devices }: Known): void {
  const used = [...devices.values()].flatMap(({ kernel, counters, lastApplied }) => [
    kernel,
    counters,
    lastApplied?.filters,
  ])
  const names = new Set(used)
  for (const slots of [kernels, counters, texts])
    for (const name of slots.keys()) if (!names.has(name)) slots.delete(name)
}

function nothing(): Known {
  return { facts: {}, kernels: new Map(), counters: new Map(), texts: new Map(), devices: new Map() }
}

const slots = new WeakMap<object, string>()

/** The same for lists with the same names; most devices have the very same list. */
function slotOf(list: object, namesOf: () => readonly string[]): string {
  const slot = slots.get(list) ?? shortHash(namesOf().join('\n'))
  slots.set(list, slot)
  return slot
}

function nameTexts(filters: Texts, names: WeakMap<Texts, string>, texts: Map<string, Texts>): string {
  const name = names.get(filters) ?? shortHash(JSON.stringify(filters))
  names.set(filters, name)
  texts.set(name, filters)
  return name
}

/** Entries that are new, or not as before. What is the same object needs no look inside. */
function changed<Value>(before: ReadonlyMap<string, Value>, now: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...now].filter(([name, value]) => !isSame(before.get(name), value)))
}

function changesOf(before: Partial<Facts>, now: Facts): Partial<Facts> {
  const entries = Object.entries(now).filter(([name, value]) => !isSame(before[name as keyof Facts], value))
  return Object.fromEntries(entries) as Partial<Facts>
}

/** Equal as data. Parts that are the same object are not looked into: thousands of devices change nothing most of the time. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [keys, others] = [Object.keys(one), Object.keys(other)]
  return (
    keys.length === others.length &&
    keys.every((key) => isSame(one[key as keyof typeof one], other[key as keyof typeof other]))
  )
}

function merged<Value>(
  before: ReadonlyMap<string, Value>,
  changes: Readonly<Record<string, Value>>,
): Map<string, Value> {
  return new Map([...before, ...Object.entries(changes)])
}

function told<Value>(slots: ReadonlyMap<string, Value>, slot: string): Value {
  const value = slots.get(slot)
  if (value === undefined) throw new Error(`the agent named ${slot} and never told what it is`)
  return value
}
