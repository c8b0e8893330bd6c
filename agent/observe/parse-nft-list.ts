import { dispatchMaps, generationOf } from '#engine'
import type { KernelChain } from '../link/contract.ts'
import type { NftObservation } from '../reconcile/observation.ts'

const BLOCK = /^\t(chain|set|map|counter) (\S+) \{(?: # handle \d+)?$/
const HANDLE = / # handle (\d+)$/
const HOOK = 'type filter hook '
const COUNTS = /^packets (\d+) bytes (\d+)$/
const COUNTER = /counter name "([^"]+)"/

type Block = { readonly kind: string; readonly name: string; readonly lines: readonly string[] }

/**
 * Reads `nft -a list table` of our own table: its chains with what their counters have counted, and what each device has in sets
 * and maps. With contents left out (`nft -t`) the latter is unknown. What nft prints of a rule is not all that it is, but a rule
 * that was replaced has another handle.
 */
export function parseNftList(text: string, isTerse: boolean): NftObservation {
  const blocks = blocksOf(text)
  const counters = blocks
    .filter(({ kind, name }) => kind === 'counter' && generationOf(name) === undefined)
    .map(readCounter)
  const counts = new Map(counters.map((counter) => [counter.name, counter]))
  const handles = new Map<string, string>()
  const chains = blocks
    .filter(({ kind }) => kind === 'chain')
    .map(({ name, lines }): KernelChain => {
      const rules = lines.filter((line) => !line.startsWith(HOOK))
      handles.set(name, rules.map((rule) => HANDLE.exec(rule)?.[1] ?? '').join(' '))
      return {
        name,
        rules: rules.map((rule) => {
          const { packets = 0, bytes = 0 } = counts.get(COUNTER.exec(rule)?.[1] ?? '') ?? {}
          return { text: rule.replace(HANDLE, ''), packets, bytes }
        }),
      }
    })
  return {
    generation: readGeneration(blocks),
    chains,
    handles,
    counters,
    frame: frameOf(blocks),
    own: isTerse ? undefined : ownElements(blocks),
    devices: isTerse ? undefined : devicesOf(blocks),
  }
}

/** What all devices have in common, as a text: the chains of hooks with their rules, and what sets and maps there are. */
function frameOf(blocks: readonly Block[]): string {
  const lines = blocks.flatMap((block) => {
    if (block.kind === 'set' || block.kind === 'map') return [`${block.kind} ${block.name}`, ...withoutElements(block)]
    const isBase = block.kind === 'chain' && block.lines.some((line) => line.startsWith(HOOK))
    return isBase ? [`chain ${block.name}`, ...block.lines] : []
  })
  return lines.join('\n')
}

function withoutElements({ lines }: Block): readonly string[] {
  const from = lines.findIndex((line) => line.startsWith('elements = '))
  return from < 0 ? lines : lines.slice(0, from)
}

/** Elements that belong to no device: those of sets that stand for ipsets. */
function ownElements(blocks: readonly Block[]): readonly string[] {
  return blocks
    .filter(({ kind }) => kind === 'set' || kind === 'map')
    .flatMap((block) => elementsOf(block).map((element) => `${block.name} ${element}`))
    .filter((element) => !/^\S+ "/.test(element))
    .sort()
}

function elementsOf({ lines }: Block): readonly string[] {
  return /elements = \{ (.*) \}/.exec(lines.join(' '))?.[1]?.split(', ') ?? []
}

/** The hash of the state that was loaded last: that of the mark with the highest number. */
function readGeneration(blocks: readonly Block[]): string | undefined {
  const marks = blocks.flatMap(({ kind, name, lines }) => {
    const number = kind === 'counter' ? generationOf(name) : undefined
    return number === undefined ? [] : [{ number, lines }]
  })
  const newest = marks.toSorted((a, b) => b.number - a.number)[0]
  return newest?.lines.map((line) => /^comment "(\w+)"$/.exec(line)?.[1]).find((hash) => hash !== undefined)
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { kind: string; name: string; lines: string[] } | undefined
  for (const line of text.split('\n')) {
    const [, kind, name] = BLOCK.exec(line) ?? []
    if (kind !== undefined && name !== undefined) open = { kind, name, lines: [] }
    else if (line === '\t}' && open !== undefined) {
      blocks.push(open)
      open = undefined
    } else if (line !== '') open?.lines.push(line.trim())
  }
  return blocks
}

function readCounter({ name, lines }: Block): NftObservation['counters'][number] {
  const [, packets = '0', bytes = '0'] = lines.map((line) => COUNTS.exec(line)).find((found) => found !== null) ?? []
  return { name, packets: Number(packets), bytes: Number(bytes) }
}

/** The elements of each device, as `SET KEY`, and the chains that its frames enter. */
function devicesOf(blocks: readonly Block[]): NonNullable<NftObservation['devices']> {
  const devices = new Map<string, { elements: string[]; entries: string[] }>()
  const dispatch = new Set(Object.values(dispatchMaps).map(({ name }) => name))
  for (const block of blocks) {
    const { kind, name } = block
    if (kind !== 'set' && kind !== 'map') continue
    for (const element of elementsOf(block)) {
      const device = /^"([^"]+)"/.exec(element)?.[1]
      if (device === undefined) continue
      const known = devices.get(device) ?? { elements: [], entries: [] }
      devices.set(device, known)
      known.elements.push(`${name} ${element}`)
      const chain = dispatch.has(name) ? / : (?:goto|jump) (\S+)$/.exec(element)?.[1] : undefined
      if (chain !== undefined) known.entries.push(chain)
    }
  }
  return devices
}
