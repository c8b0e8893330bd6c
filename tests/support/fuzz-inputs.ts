import type { z } from 'zod'
import {
  desiredStateInput,
  extendInput,
  healPolicy,
  labExecInput,
  labSendInput,
  observeInput,
  pauseInput,
  windowInput,
} from '../../agent/link/contract.ts'
import { desire, GUEST } from './lab-host.ts'
import type { Random } from './random.ts'

/** A procedure that takes an input, and an input that it would take. */
type Procedure = { readonly path: string; readonly schema: z.ZodType; readonly valid: unknown }

const WINDOW = { id: '00000000-0000-4000-8000-000000000000', key: '00000000-0000-4000-8000-000000000001' }
const { filters, bindings } = desire('clean-traffic', { IP: GUEST.ip })

const PROCEDURES: readonly Procedure[] = [
  {
    path: 'host.install',
    schema: desiredStateInput,
    valid: { filters: filters.slice(0, 3), bindings, clear: ['vnet1'], confirmWithin: 60, rulesetHash: 'a', by: 'me' },
  },
  { path: 'host.observe', schema: observeInput, valid: { portDevice: GUEST.portDevice, isObserved: true } },
  { path: 'host.confirm', schema: windowInput, valid: { ...WINDOW, by: 'me' } },
  { path: 'host.extend', schema: extendInput, valid: { ...WINDOW, seconds: 60 } },
  { path: 'host.rollBack', schema: windowInput, valid: WINDOW },
  { path: 'host.setHealing', schema: healPolicy, valid: { kind: 'after', seconds: 10 } },
  { path: 'host.pauseHealing', schema: pauseInput, valid: { minutes: 5, reason: 'work' } },
  { path: 'lab.send', schema: labSendInput, valid: { from: 'vnet0', hex: 'ff'.repeat(60) } },
  { path: 'lab.exec', schema: labExecInput, valid: { in: 'host', command: ['ip', 'link'] } },
]

/** Inputs that a procedure takes, and that change nothing: they name what there is not. */
export const HARMLESS: readonly { readonly path: string; readonly input: unknown }[] = [
  { path: 'host.confirm', input: WINDOW },
  { path: 'host.extend', input: { ...WINDOW, seconds: 5 } },
  { path: 'host.rollBack', input: { ...WINDOW, by: '\u0000\u202e' } },
  { path: 'lab.exec', input: { in: '../host', command: ['true'] } },
  { path: 'lab.send', input: { from: 'constructor', hex: '00'.repeat(14) } },
  ...['../vnet0', '-o', 'a b', 'a;reboot', '{ }', '\u0000', 'vnet0\n'].map((portDevice) => ({
    path: 'host.install',
    input: { filters: [], bindings: [{ portDevice, xml: bindings[0]?.xml ?? '' }], clear: [] },
  })),
]

const PROTOTYPE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '']
const DEPTH = 5000

/** What a value can be instead. */
const INSTEAD: readonly ((value: unknown, random: Random) => unknown)[] = [
  () => null,
  () => ({}),
  () => [],
  (value) => [value],
  (value) => ({ value }),
  (value) => String(value),
  () => true,
  (_, random) => random.pick([0, -1, 1.5, 1e308, 2 ** 53, -0, 4.9e-324]),
  (_, random) => random.pick(['', '\u0000', '\ud800', '%s', '-1', 'NaN', '\u202e', "'; --", '../../etc/passwd']),
  (_, random) => 'x'.repeat(random.pick([300, 70_000])),
  (_, random) => random.pick([Array(11_000).fill(''), Array(300).fill({}), Array(3).fill(null)]),
  (value, random) => ({ [Symbol.for(random.pick(PROTOTYPE))]: value }),
  () => ({ [Symbol.for('__proto__')]: { isObserved: true, ok: true, admin: true } }),
]

/** A text of JSON that stands for what no procedure takes, made from what one would take. */
export function wrongInput(random: Random): { readonly path: string; readonly text: string } {
  const { path, schema, valid } = random.pick(PROCEDURES)
  if (random.chance(0.02)) return { path, text: `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}` }
  if (random.chance(0.02)) return { path, text: `${'{"by":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}` }
  for (;;) {
    let value = structuredClone(valid)
    for (let times = 1 + random.below(3); times > 0; times -= 1) value = change(value, random)
    const text = toJson(value)
    if (!schema.safeParse(JSON.parse(text)).success) return { path, text }
  }
}

/** Changes one thing anywhere in a value. */
function change(value: unknown, random: Random): unknown {
  const isDeeper = typeof value === 'object' && value !== null && Object.keys(value).length > 0 && random.chance(0.8)
  if (!isDeeper) return random.pick(INSTEAD)(value, random)
  if (Array.isArray(value)) return value.with(random.below(value.length), change(random.pick(value), random))
  const entries = Object.entries(value)
  const [key] = random.pick(entries)
  if (random.chance(0.15)) return Object.fromEntries(entries.filter(([name]) => name !== key))
  if (random.chance(0.15)) return { ...value, [Symbol.for(random.pick([...PROTOTYPE, 'more']))]: { isAdmin: true } }
  return Object.fromEntries(entries.map(([name, one]) => [name, name === key ? change(one, random) : one]))
}

/** JSON in which symbols stand for keys that an object of JavaScript does not take as they are, like `__proto__`. */
function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const named = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${toJson(one)}`)
  const hidden = Object.getOwnPropertySymbols(value).map(
    (key) => `${JSON.stringify(key.description)}:${toJson((value as Readonly<Record<symbol, unknown>>)[key])}`,
  )
  return `{${[...named, ...hidden].join()}}`
}
