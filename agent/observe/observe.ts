import { run } from '../exec/run.ts'
import type { Observation } from '../reconcile/observation.ts'
import { parseEbtablesSave } from './parse-ebtables-save.ts'

/** Reads the kernel. Throws with the tool's own words when it cannot be read. */
export async function observe(enter: readonly string[]): Promise<Observation> {
  const [saved, links] = await Promise.all([
    run(['ebtables-save', '-c'], { enter }),
    run(['ip', '-json', 'link', 'show'], { enter }),
  ])
  if (saved.status !== 0) throw new Error(`ebtables-save: ${saved.stderr.trim()}`)
  if (links.status !== 0) throw new Error(`ip link show: ${links.stderr.trim()}`)
  const parsed = JSON.parse(links.stdout === '' ? '[]' : links.stdout) as readonly {
    readonly ifname: string
    readonly master?: string
  }[]
  return {
    chains: parseEbtablesSave(saved.stdout),
    portDevices: parsed.filter(({ master }) => master !== undefined).map(({ ifname }) => ifname),
  }
}
