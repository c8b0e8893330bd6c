import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { enterHost, type Lab } from '../../agent/lab/lab.ts'

/** A frame that is sent again and again. `kind` is what it is counted as. */
export type FlowFrame = { readonly kind: string; readonly from: string; readonly to: string; readonly hex: string }
/** A device in a namespace of the lab; one that `listens` also counts what arrives. */
type FlowPlace = {
  readonly name: string
  readonly namespace: string
  readonly device: string
  readonly listens: boolean
}
/** How many frames of a kind a place sent since the start, and what was seen of them where. `first`: when, 0 for never. */
export type FlowCount = {
  readonly kind: string
  readonly from: string
  readonly sent: number
  readonly arrived: number
  readonly astray: number
  readonly first: number
}
/** Frames that are sent all the time by a program of its own, whatever this process does. */
export type Flow = {
  readonly open: (place: FlowPlace) => Promise<void>
  /** They are sent from now on. */
  readonly send: (frames: readonly FlowFrame[]) => Promise<void>
  readonly stop: (place: string) => Promise<void>
  /** Waits until what was sent has arrived, and counts. Throws when an arrival found no room, because then nothing is known. */
  readonly tell: () => Promise<readonly FlowCount[]>
  readonly close: () => Promise<void>
}

const PROGRAM = join(import.meta.dirname, 'flow.pl')

/** Starts the program in the namespace of the lab's host. `perSecond` 0: as many frames as there can be. */
export function openFlow(lab: Lab, perSecond: number): Flow {
  const [program = '', ...args] = [...enterHost(lab), 'perl', PROGRAM, String(perSecond)]
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const waiting: { resolve: (lines: readonly string[]) => void; reject: (problem: Error) => void }[] = []
  let [unread, said, isOver] = ['', '', false]
  const lines: string[] = []
  child.stdout.on('data', (chunk: Buffer) => {
    const all = (unread + chunk.toString()).split('\n')
    unread = all.pop() ?? ''
    for (const line of all) {
      if (line !== 'done') lines.push(line)
      else waiting.shift()?.resolve(lines.splice(0))
    }
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  child.stdin.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      isOver = true
      for (const { reject } of waiting.splice(0)) reject(new Error(`the flow ended: ${said.trim()}`))
      resolve()
    })
  })
  const ask = (commands: readonly string[]) =>
    Promise.all(
      commands.map(
        (command) =>
          new Promise<readonly string[]>((resolve, reject) => {
            if (isOver) return reject(new Error(`the flow ended: ${said.trim()}`))
            waiting.push({ resolve, reject })
            child.stdin.write(`${command}\n`)
          }),
      ),
    )
  return {
    open: async ({ name, namespace, device, listens }) => {
      await ask([`${listens ? 'listen' : 'place'} ${name} ${namespace} ${device}`])
    },
    send: async (frames) => {
      await ask(frames.map(({ kind, from, to, hex }) => `frame ${kind} ${from} ${to} ${hex}`))
    },
    stop: async (place) => {
      await ask([`stop ${place}`])
    },
    tell: async () => {
      const [told = []] = await ask(['tell'])
      const overrun = told.at(-1)
      if (overrun !== 'overrun 0') throw new Error(`arrivals were missed: ${overrun}`)
      return told.slice(0, -1).map((line) => {
        const [kind = '', from = '', ...numbers] = line.split(' ')
        const [sent = 0, arrived = 0, astray = 0, first = 0] = numbers.map(Number)
        return { kind, from, sent, arrived, astray, first }
      })
    },
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}
