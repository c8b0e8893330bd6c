import { dispatchMaps, generationOf } from '#engine'
import type { KernelChain } from '../link/contract.ts'
import type { NftObservation } from '../reconcile/observation.ts'

const BLOCK = /^\t(chain|set|map|counter) (\S+) \{$/
const COUNTS = /^packets (\d+) bytes (\d+)$/
const COUNTER = /counter name "([^"]+)"/

type Block = { readonly kind: string; readonly name: string; readonly lines: readonly string[] }

/**
 * Reads `nft list table` of our own table: its chains with what their counters have counted, and what each device has in sets
 * and maps. With contents left out (`nft -t`) the latter is unknown.
 */
export function parseNftList(text: string, isTerse: boolean): NftObservation {
  const blocks = blocksOf(text)
  const counters = blocks
    .filter(({ kind, name }) => kind === 'counter' && generationOf(name) === undefined)
    .map(readCounter)
  const counts = new Map(counters.map((counter) => [counter.name, counter]))
  const chains = blocks
    .filter(({ kind }) => kind === 'chain')
    .map(({ name, lines }): KernelChain => {
      const rules = lines.filter((line) => !line.startsWith('type filter hook '))
      return {
        name,
        rules: rules.map((rule) => {
          const { packets = 0, bytes = 0 } = counts.get(COUNTER.exec(rule)?.[1] ?? '') ?? {}
          return { text: rule, packets, bytes }
        }),
      }
    })
  return { generation: readGeneration(blocks), chains, counters, devices: isTerse ? undefined : devicesOf(blocks) }
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
  for (const { kind, name, lines } of blocks) {
    if (kind !== 'set' && kind !== 'map') continue
    const elements = /elements = \{ (.*) \}/.exec(lines.join(' '))?.[1]
    for (const element of elements?.split(', ') ?? []) {
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
