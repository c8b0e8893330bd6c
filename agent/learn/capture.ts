import { join } from 'node:path'
import { type LineStream, streamLines } from '../exec/stream-lines.ts'
import type { FrameDirection } from './learn-state.ts'

/** A port device whose guest is heard. With `firstPacket` any IPv4 packet and ARP of the guest is told, and not DHCP alone. */
export type WatchedDevice = { readonly portDevice: string; readonly firstPacket: boolean }

export type CaptureOptions = {
  /** Arguments that lead into the namespace of the port devices, put in front of the command. */
  readonly enter: readonly string[]
  readonly onFrame: (portDevice: string, direction: FrameDirection, frame: Uint8Array) => void
  /** The capture ended by itself; its last words. The next call of `watch` starts it again. */
  readonly onEnd: (said: string) => void
}

export type Capture = {
  /** From now on these are heard, whether they are there already or come later; none of them, and no process is left. */
  readonly watch: (devices: readonly WatchedDevice[]) => void
  /** Ends it; `onEnd` is not called then. */
  readonly close: () => void
}

const PROGRAM = join(import.meta.dirname, 'capture.pl')
/** The kernel has no longer names. IFNAMSIZ less the zero byte. */
const LONGEST_NAME = 15
const LINE = /^((?:[0-9a-f]{2})+) (in|out) ((?:[0-9a-f]{2})+)$/

/**
 * Hears the frames of guests that say something about addresses. Names of devices travel in hexadecimal: nothing in them can be taken
 * for anything else. Only ports of guests may be watched: what comes in there counts as said by a guest.
 */
export function openCapture({ enter, onFrame, onEnd }: CaptureOptions): Capture {
  let stream: LineStream | undefined
  const close = () => {
    stream?.close()
    stream = undefined
  }
  const open = () => {
    const opened = streamLines(['perl', PROGRAM], {
      enter,
      hasInput: true,
      onLine: (line) => {
        const [, name = '', side, hex = ''] = LINE.exec(line) ?? []
        if (side === undefined || stream !== opened) return
        onFrame(decode(name).toString('utf8'), side === 'in' ? 'from-guest' : 'to-guest', decode(hex))
      },
      onEnd: (said) => {
        if (stream !== opened) return
        stream = undefined
        onEnd(said.trim())
      },
    })
    return opened
  }
  return {
    watch: (devices) => {
      const known = devices.filter(({ portDevice }) => isName(portDevice))
      if (known.length === 0) return close()
      stream ??= open()
      stream.write(`${known.map(wordOf).join(' ')}\n`)
    },
    close,
  }
}

function decode(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

function wordOf({ portDevice, firstPacket }: WatchedDevice): string {
  return `${Buffer.from(portDevice, 'utf8').toString('hex')}=${firstPacket ? 1 : 0}`
}

function isName(portDevice: string): boolean {
  const length = Buffer.byteLength(portDevice, 'utf8')
  return length > 0 && length <= LONGEST_NAME && !portDevice.includes('\0')
}
