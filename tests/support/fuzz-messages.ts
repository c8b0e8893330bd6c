import { HARMLESS, wrongInput } from './fuzz-inputs.ts'
import type { Random } from './random.ts'

/**
 * One message to an agent. `request`: HTTP as it should be, with something wrong in it. `bytes`: what is written to a connection of
 * its own; `isHeld` then stops in the middle and waits until the other side has enough.
 */
export type FuzzMessage =
  | {
      readonly kind: 'request'
      readonly what: string
      readonly method: string
      readonly path: string
      readonly type?: string
      readonly body?: Buffer | string
      /** Goes away behind the first bytes of the answer. */
      readonly isCutOff?: boolean
    }
  | { readonly kind: 'bytes'; readonly what: string; readonly bytes: Buffer; readonly isHeld?: boolean }

const JSON_TYPE = 'application/json'
const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND']
const NAMES = [
  'host',
  'lab',
  '__proto__',
  'constructor',
  'toString',
  'install',
  'state',
  '..',
  '.',
  '',
  '_def',
  '%00',
  '%',
]
const TYPES = [
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/json; charset=utf-7',
  '',
]
/** The most that the agent takes is 16 million bytes. */
const OVER_LONG = 17_000_000
const HUGE_HEADER = 40_000

type Way = { readonly what: string; readonly weight: number; readonly make: (random: Random) => FuzzMessage }

const post = (what: string, path: string, body: Buffer | string, type = JSON_TYPE): FuzzMessage => {
  return { kind: 'request', what, method: 'POST', path: `/${path}`, body, type }
}
const raw = (what: string, bytes: Buffer | string, isHeld = false): FuzzMessage => {
  return { kind: 'bytes', what, bytes: Buffer.from(bytes), isHeld }
}

const WAYS: readonly Way[] = [
  {
    what: 'wrong types',
    weight: 600,
    make: (random) => {
      const { path, text } = wrongInput(random)
      return post('wrong types', path, text)
    },
  },
  {
    what: 'no JSON',
    weight: 120,
    make: (random) => {
      const { path, text } = wrongInput(random)
      const broken = [
        () => text.slice(0, random.below(text.length)),
        () => randomBytes(random, random.below(200)),
        () => `${text}${text}`,
        () => text.replaceAll('"', random.pick(["'", '', '""'])),
        () => flip(text, random),
      ]
      return post('no JSON', path, random.pick(broken)())
    },
  },
  {
    what: 'unknown procedures',
    weight: 60,
    make: (random) => {
      const parts = Array.from({ length: 1 + random.below(4) }, () => random.pick(NAMES))
      const path = random.chance(0.05) ? 'a.'.repeat(3000) : parts.join(random.pick(['.', '/', '..']))
      return post('unknown procedures', path, '{}')
    },
  },
  {
    what: 'wrong methods',
    weight: 40,
    make: (random) => {
      const { path } = wrongInput(random)
      return { kind: 'request', what: 'wrong methods', method: random.pick(METHODS), path: `/${path}` }
    },
  },
  {
    what: 'wrong types of content',
    weight: 40,
    make: (random) => {
      const { path, text } = wrongInput(random)
      return post('wrong types of content', path, text, random.pick(TYPES))
    },
  },
  {
    what: 'many in one',
    weight: 20,
    make: (random) => {
      const paths = Array.from({ length: 1 + random.below(30) }, () => random.pick(HARMLESS).path)
      return post('many in one', `${paths.join()}?batch=1`, '{"0":{},"__proto__":{}}')
    },
  },
  {
    what: 'queries',
    weight: 60,
    make: (random) => {
      const input = encodeURIComponent(wrongInput(random).text.slice(0, 4000))
      const cut = random.chance(0.3) ? `${input.slice(0, random.below(input.length))}%` : input
      const path = `/host.${random.pick(['state', 'watch', 'preflights', 'stat'])}?input=${cut}`
      return { kind: 'request', what: 'queries', method: 'GET', path, isCutOff: path.includes('watch') }
    },
  },
  {
    what: 'what there is not',
    weight: 60,
    make: (random) => {
      const { path, input } = random.pick(HARMLESS)
      return post('what there is not', path, JSON.stringify(input))
    },
  },
  {
    what: 'a watcher that goes away',
    weight: 20,
    make: () => {
      return { kind: 'request', what: 'a watcher that goes away', method: 'GET', path: '/host.watch', isCutOff: true }
    },
  },
  {
    what: 'random bytes',
    weight: 30,
    make: (random) => raw('random bytes', randomBytes(random, 1 + random.below(400))),
  },
  {
    what: 'broken HTTP',
    weight: 50,
    make: (random) => {
      const { path, text } = wrongInput(random)
      const lines = requestText(path, text.slice(0, 500))
      const broken = [
        () => lines.slice(0, random.below(lines.length)),
        () => flip(lines, random),
        () => lines.replace('HTTP/1.1', random.pick(['HTTP/9.9', 'HTTP/1.0', 'http', ''])),
        () =>
          lines.replace(
            /content-length: \d+/,
            `content-length: ${random.pick(['-1', '1e3', '0x10', '99999999999999999999'])}`,
          ),
        () => lines.replace('\r\n', '\r\ntransfer-encoding: chunked\r\n'),
        () => lines.replaceAll('\r\n', random.pick(['\n', '\r', '\r\n\r\n'])),
      ]
      return raw('broken HTTP', random.pick(broken)())
    },
  },
  {
    what: 'chunks that are none',
    weight: 10,
    make: (random) => {
      const head =
        'POST /host.install HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
      return raw(
        'chunks that are none',
        head + random.pick(['ffffffffffffffff\r\n{', 'zz\r\n', '5\r\n{}', '-5\r\n{}\r\n0\r\n']),
      )
    },
  },
  {
    what: 'bodies that are cut',
    weight: 20,
    make: (random) => {
      const { path, text } = wrongInput(random)
      const lines = requestText(path, text.slice(0, 5000))
      const start = lines.indexOf('\r\n\r\n') + 4
      return raw('bodies that are cut', lines.slice(0, start + random.below(lines.length - start)))
    },
  },
  {
    what: 'huge headers',
    weight: 10,
    make: (random) => {
      const header = random.chance(0.5) ? `x: ${'y'.repeat(HUGE_HEADER)}` : 'x: y\r\n'.repeat(HUGE_HEADER / 6).trim()
      return raw('huge headers', `GET /host.state HTTP/1.1\r\nhost: a\r\n${header}\r\n\r\n`)
    },
  },
  {
    what: 'slow senders',
    weight: 2,
    make: (random) => {
      const lines = requestText('host.state', '')
      return raw('slow senders', lines.slice(0, random.below(lines.indexOf('\r\n\r\n'))), true)
    },
  },
  { what: 'bodies that are too long', weight: 0.4, make: tooLong },
]
const TOTAL = WAYS.reduce((sum, { weight }) => sum + weight, 0)

/** The next message. None of them asks for something that would change the host. */
export function drawMessage(random: Random): FuzzMessage {
  let left = random.next() * TOTAL
  for (const { weight, make } of WAYS) {
    left -= weight
    if (left < 0) return make(random)
  }
  return raw('random bytes', randomBytes(random, 20))
}

/** What costs the agent most. */
export function tooLong(): FuzzMessage {
  return post('bodies that are too long', 'host.install', '"x'.padEnd(OVER_LONG, 'x'))
}

function requestText(path: string, body: string): string {
  return `POST /${path} HTTP/1.1\r\nhost: agent\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function randomBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.below(256)))
}

function flip(text: string, random: Random): string {
  const bytes = Buffer.from(text, 'latin1')
  for (let times = 1 + random.below(4); times > 0 && bytes.length > 0; times -= 1) {
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  }
  return bytes.toString('latin1')
}
