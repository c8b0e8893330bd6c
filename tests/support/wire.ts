import { spawn } from 'node:child_process'
import { enterHost, LAB_GUESTS, type Lab } from '../../agent/lab/lab.ts'
import { wireProgram } from './wire-program.ts'

/**
 * A frame that leaves the eth0 of a guest, or of the outside; of `host` its IP packet alone is sent, through the output of the lab's
 * host.
 */
export type WireFrame = { readonly from: string; readonly hex: string }
/**
 * What was seen at one of WIRE_PLACES: a frame, in INPUT an IPv4 packet, and in INPUT6 what an IPv6 packet holds, behind the number
 * of that.
 */
export type Arrival = { readonly at: string; readonly bytes: Buffer }
/** The wires of a lab. Requests are answered one after another. */
export type Wire = {
  /**
   * Sends encoded frames in order; the answer is read by `splitAnswer`. With `quietMs` it waits after each frame until nothing has
   * arrived for so long, so that what comes late is not taken for the next frame's.
   */
  readonly send: (frames: Buffer, quietMs?: number) => Promise<Buffer>
  /** Forgets the connections that the lab's host tracks. */
  readonly flushConnections: () => Promise<void>
  /** Forgets which MAC addresses br0 has learned. */
  readonly flushLearnedMacs: () => Promise<void>
  readonly close: () => void
}

const GUEST_NAMES = LAB_GUESTS.map(({ name }) => name)
/** Who sends; the number of each is its place here. */
const SENDERS = [...GUEST_NAMES, 'host']
/** Where frames are seen: at the guests, at br0 when they are for the host, and in its input behind iptables and ip6tables. */
const WIRE_PLACES = [...GUEST_NAMES, 'br0', 'INPUT', 'INPUT6']
const HEADER_BYTES = 5
const FRAME_HEADER_BYTES = 3
const QUESTION = { send: 'S', connections: 'C', macs: 'M' } as const
const PROBLEM = 'E'.charCodeAt(0)

/** Starts the program of tests/wire in the namespace of the lab's host. The protocol stands in tests/wire/README.md. */
export function openWire(lab: Lab): Wire {
  const [program = '', ...args] = [...enterHost(lab), wireProgram(), ...GUEST_NAMES]
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const waiting: { resolve: (answer: Buffer) => void; reject: (problem: Error) => void }[] = []
  let [chunks, size, said, ended]: [Buffer[], number, string, boolean] = [[], 0, '', false]

  const deliver = () => {
    for (let all = Buffer.concat(chunks); ; all = all.subarray(HEADER_BYTES + all.readUInt32LE(1))) {
      ;[chunks, size] = [[all], all.length]
      if (size < HEADER_BYTES || size < HEADER_BYTES + all.readUInt32LE(1)) return
      const answer = all.subarray(HEADER_BYTES, HEADER_BYTES + all.readUInt32LE(1))
      if (all[0] === PROBLEM) waiting.shift()?.reject(new Error(`the wire refuses: ${answer.toString()}`))
      else waiting.shift()?.resolve(answer)
    }
  }
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    const first = chunks[0]
    // Joined once the answer is whole: a long one comes in many chunks.
    const isShort = first !== undefined && first.length >= HEADER_BYTES && size < HEADER_BYTES + first.readUInt32LE(1)
    if (!isShort) deliver()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const end = () => {
    ended = true
    for (const { reject } of waiting.splice(0)) reject(new Error(`the wire ended: ${said.trim()}`))
  }
  child.once('error', end)
  child.once('close', end)
  // That it ended is told by `close`.
  child.stdin.on('error', () => undefined)

  const ask = (kind: string, payload = Buffer.alloc(0)): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(new Error(`the wire ended: ${said.trim()}`))
      waiting.push({ resolve, reject })
      const header = Buffer.alloc(HEADER_BYTES)
      header.write(kind)
      header.writeUInt32LE(payload.length, 1)
      child.stdin.write(Buffer.concat([header, payload]))
    })
  return {
    send: (frames, quietMs = 0) => {
      const wait = Buffer.alloc(2)
      wait.writeUInt16LE(quietMs)
      return ask(QUESTION.send, Buffer.concat([wait, frames]))
    },
    flushConnections: async () => void (await ask(QUESTION.connections)),
    flushLearnedMacs: async () => void (await ask(QUESTION.macs)),
    close: () => child.stdin.end(),
  }
}

/** Frames as `send` takes them. */
export function encodeFrames(frames: readonly WireFrame[]): Buffer {
  const bytes = Buffer.alloc(frames.reduce((sum, { hex }) => sum + FRAME_HEADER_BYTES + hex.length / 2, 0))
  let at = 0
  for (const { from, hex } of frames) {
    const number = SENDERS.indexOf(from)
    if (number === -1) throw new Error(`the lab has no ${from}`)
    bytes.writeUInt8(number, at)
    bytes.writeUInt16LE(hex.length / 2, at + 1)
    bytes.write(hex, at + FRAME_HEADER_BYTES, 'hex')
    at += FRAME_HEADER_BYTES + hex.length / 2
  }
  return bytes
}

/** The part of an answer that belongs to each frame that was sent: equal bytes are equal arrivals. */
export function splitAnswer(answer: Buffer): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < answer.length; ) {
    const start = at
    let count = answer.readUInt16LE(at)
    for (at += 2; count > 0; count -= 1) at += FRAME_HEADER_BYTES + answer.readUInt16LE(at + 1)
    parts.push(answer.subarray(start, at))
  }
  return parts
}

/** What arrived because of one frame, from its part of the answer. */
export function readArrivals(part: Buffer): readonly Arrival[] {
  const arrivals: Arrival[] = []
  for (let at = 2; at < part.length; ) {
    const end = at + FRAME_HEADER_BYTES + part.readUInt16LE(at + 1)
    arrivals.push({ at: WIRE_PLACES[part.readUInt8(at)] ?? '', bytes: part.subarray(at + FRAME_HEADER_BYTES, end) })
    at = end
  }
  return arrivals
}
