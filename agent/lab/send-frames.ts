import { join } from 'node:path'
import { run } from '../exec/run.ts'
import { enterHost, LAB_GUESTS, type Lab } from './lab.ts'

/** A frame that leaves the eth0 of a guest, or of the outside. */
export type LabFrame = { readonly from: string; readonly hex: string }

const PROGRAM = join(import.meta.dirname, 'frames.pl')
/** Bridge and veth deliver within the call that sends; this is for a loaded machine. */
const LISTEN_MS = 200

/** Puts the frames on the wire one after another and tells for each at which other ports it arrived, in the order of LAB_GUESTS. */
export async function sendFrames(lab: Lab, frames: readonly LabFrame[]): Promise<readonly (readonly string[])[]> {
  const names = LAB_GUESTS.map(({ name }) => name)
  const unknown = frames.find(({ from }) => !names.includes(from))
  if (unknown !== undefined) throw new Error(`the lab has no ${unknown.from}; it has ${names.join(', ')}`)
  const input = frames.map(({ from, hex }) => `${from} ${hex}\n`).join('')
  const result = await run(['perl', PROGRAM, String(LISTEN_MS), ...names], { enter: enterHost(lab), input })
  if (result.status !== 0) throw new Error(`the frames could not be sent: ${result.stderr.trim()}`)
  const seen = result.stdout.split('\n')
  return frames.map((frame, index) => names.filter((name) => name !== frame.from && seen.includes(`${index} ${name}`)))
}
