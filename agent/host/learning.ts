import { join } from 'node:path'
import { type Capture, openCapture } from '../learn/capture.ts'
import { learn } from '../learn/learn.ts'
import { EMPTY_LEARN_STATE, type LearnEvent, type LearnRequest, type LearnState } from '../learn/learn-state.ts'
import { type LearningView, learningView } from '../learn/learning-view.ts'
import { nextDue } from '../learn/next-due.ts'
import { restoreLeases } from '../learn/restore-leases.ts'
import { log } from '../log.ts'
import type { LearnedAddresses, LearnedValues } from '../reconcile/learned-values.ts'
import { readDurable, writeDurable } from './durable-file.ts'

/** What learns addresses on a host. */
export type Learning = {
  readonly addresses: () => LearnedAddresses
  /** What is known of each device that something shall be learned for. */
  readonly views: () => ReadonlyMap<string, LearningView>
  /** Everything that shall be learned from now on; `guests` are all devices that are known to be those of guests. */
  readonly request: (requests: readonly LearnRequest[], guests: readonly string[]) => void
  readonly close: () => void
}

type Options = {
  readonly enter: readonly string[]
  readonly stateDir: string
  /** The addresses of these devices are others than before. */
  readonly onChanged: (portDevices: readonly string[]) => void
}

const FILE = 'leases.json'
/** A guest can cause several changes in a row: they go to the kernel together. */
const TOLD_AFTER_MS = 20
const AGAIN_AFTER_MS = 1000

export function openLearning({ enter, stateDir, onChanged }: Options): Learning {
  const file = join(stateDir, FILE)
  let state = restore(file)
  let written = state.leases
  let requests: readonly LearnRequest[] = []
  let guests: readonly string[] = []
  let watched = ''
  const addresses = new Map<string, LearnedValues>()
  const changed = new Set<string>()
  let due: NodeJS.Timeout | undefined
  let told: NodeJS.Timeout | undefined
  let again: NodeJS.Timeout | undefined
  const capture: Capture = openCapture({
    enter,
    onFrame: (portDevice, direction, frame) => take({ kind: 'frame', portDevice, direction, frame }),
    onEnd: (said) => {
      log('warning', 'learn', { text: `What hears addresses ended and is started again: ${said.trim()}` })
      watched = ''
      again = setTimeout(watch, AGAIN_AFTER_MS)
    },
  })
  const take = (event: LearnEvent) => {
    const next = learn(state, event, Date.now())
    state = next.state
    for (const name of next.changed) {
      addresses.set(name, valuesOf(name))
      changed.add(name)
    }
    if (changed.size > 0) told ??= setTimeout(tell, TOLD_AFTER_MS)
    clearTimeout(due)
    const at = nextDue(state)
    if (at !== undefined)
      due = setTimeout(() => take({ kind: 'tick' }), Math.min(Math.max(at - Date.now(), 0), 2 ** 31 - 1))
  }
  const tell = () => {
    told = undefined
    const names = [...changed]
    changed.clear()
    write()
    watch()
    onChanged(names)
  }
  const write = () => {
    if (state.leases === written) return
    written = state.leases
    writeDurable(file, JSON.stringify(written), { header: true, previous: true, sync: true })
  }
  const watch = () => {
    const wanted = new Map(requests.map((request) => [request.portDevice, request]))
    const names = requests.length === 0 ? [] : [...new Set([...guests, ...wanted.keys()])]
    const devices = names.map((portDevice) => {
      const isOpen = (addresses.get(portDevice)?.ipv4.length ?? 0) === 0
      return { portDevice, firstPacket: wanted.get(portDevice)?.ipv4 === 'any' && isOpen }
    })
    const text = devices.map(({ portDevice, firstPacket }) => `${portDevice} ${firstPacket}`).join('\n')
    if (text === watched) return
    watched = text
    capture.watch(devices)
  }

  const valuesOf = (portDevice: string): LearnedValues => {
    const all = learningView(state, portDevice, Date.now()).addresses
    const of = (wanted: 'ipv4' | 'ipv6') => all.filter(({ family }) => family === wanted).map(({ address }) => address)
    const request = requests.find((one) => one.portDevice === portDevice)
    return { ipv4: of('ipv4'), ipv6: of('ipv6'), ...(request && { request }) }
  }

  return {
    addresses: () => addresses,
    views: () => new Map(requests.map(({ portDevice }) => [portDevice, learningView(state, portDevice, Date.now())])),
    request: (next, known) => {
      if (next.length === 0 && requests.length === 0) return
      requests = next
      guests = known
      take({ kind: 'requests', requests })
      const names = new Set(requests.map(({ portDevice }) => portDevice))
      for (const name of addresses.keys()) if (!names.has(name)) addresses.delete(name)
      for (const request of requests) {
        const known = addresses.get(request.portDevice)?.request
        if (JSON.stringify(known) === JSON.stringify(request)) continue
        const values = valuesOf(request.portDevice)
        addresses.set(request.portDevice, values)
        // Rules that were made before this was asked for do not have it.
        if (values.ipv4.length + values.ipv6.length > 0) changed.add(request.portDevice)
      }
      if (changed.size > 0) told ??= setTimeout(tell, TOLD_AFTER_MS)
      watch()
    },
    close: () => {
      for (const timer of [due, told, again]) clearTimeout(timer)
      write()
      capture.close()
    },
  }
}

function restore(file: string): LearnState {
  const { text, setAside } = readDurable(file, new Date().toISOString().replaceAll(/\W/g, ''))
  for (const { file: aside, problem } of setAside)
    log('error', 'memory', { text: `What was learned is set aside as ${aside}: ${problem}. Guests are asked anew.` })
  return text === undefined ? EMPTY_LEARN_STATE : restoreLeases(JSON.parse(text), Date.now())
}
