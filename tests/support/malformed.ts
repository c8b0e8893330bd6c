import { builtinFilters } from '#engine'
import type { Random } from './random.ts'

/** A text made wrong on purpose (or left right by luck), and how. */
export type Malformed = { readonly how: string; readonly text: string }

const NASTY = ['\u0000', '\u0007', '\ud800', '\uffff', '\ufeff', '&', '<', '>', '"', "'", ']]>', '--', '\r', '\u2028']
const ENTITIES = `<!DOCTYPE filter [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
const EXTERNAL = `<!DOCTYPE filter [<!ENTITY x SYSTEM "file:///etc/passwd">]>`

/** Each takes a good text and spoils it; positions come from the random source. */
const WAYS: Readonly<Record<string, (text: string, random: Random) => string>> = {
  truncated: (text, random) => text.slice(0, random.below(text.length)),
  'flipped byte': (text, random) => {
    const bytes = Buffer.from(text)
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    return bytes.toString('utf8')
  },
  'many flipped bytes': (text, random) => {
    const bytes = Buffer.from(text)
    for (let times = 1 + random.below(8); times > 0; times -= 1) bytes[random.below(bytes.length)] = random.below(128)
    return bytes.toString('utf8')
  },
  'slice removed': (text, random) => {
    const [at, length] = [random.below(text.length), 1 + random.below(30)]
    return text.slice(0, at) + text.slice(at + length)
  },
  'slice doubled': (text, random) => {
    const [at, length] = [random.below(text.length), 1 + random.below(60)]
    return text.slice(0, at + length) + text.slice(at)
  },
  'nasty character': (text, random) => {
    const at = random.below(text.length)
    return text.slice(0, at) + random.pick(NASTY) + text.slice(at)
  },
  'huge attribute': (text, random) =>
    text.replace(/name="[^"]*"/, `name="${random.pick(['a', '&#65;', 'é', '$'])}${'a'.repeat(100_000)}"`),
  'many attributes': (text, random) =>
    text.replace(
      '<filter ',
      `<filter ${Array.from({ length: 500 + random.below(500) }, (_, at) => `x${at}='1'`).join(' ')} `,
    ),
  'attribute twice': (text) => text.replace(/(name="[^"]*")/, '$1 $1'),
  'nested entities': (text) => `${ENTITIES}${text.replace('</filter>', '&c;</filter>')}`,
  'external entity': (text) => `${EXTERNAL}${text.replace('</filter>', '&x;</filter>')}`,
  'unknown entity': (text, random) => {
    const at = random.below(text.length)
    return `${text.slice(0, at)}${random.pick(['&nbsp;', '&#0;', '&#xd800;', '&#1114112;', '&amp', '&;', '&#x;'])}${text.slice(at)}`
  },
  'processing instruction': (text, random) => {
    const at = random.below(text.length)
    return `${text.slice(0, at)}<?php echo 1 ?>${text.slice(at)}`
  },
  'deep nesting': (text, random) => {
    const depth = random.pick([255, 300, 1000, 20_000])
    return text.replace('</filter>', `${'<a>'.repeat(depth)}${'</a>'.repeat(random.pick([depth, 0]))}</filter>`)
  },
  'wrong end tag': (text, random) => text.replace(random.pick(['</filter>', '</rule>']), '</nothing>'),
  'second root': (text) => text + text,
  'other root': (text, random) => text.replaceAll('filter ', `${random.pick(['network', 'domain', 'x'])} `),
  'byte order mark': (text) => `\ufeff${text}`,
  'cut inside a comment': (text) => text.slice(0, text.indexOf('-->')),
  'open cdata': (text, random) => {
    const at = random.below(text.length)
    return `${text.slice(0, at)}<![CDATA[${text.slice(at)}`
  },
}

export function makeMalformed(random: Random, count: number): readonly Malformed[] {
  const names = Object.keys(WAYS)
  return Array.from({ length: count }, (_, at) => {
    const how = names[at % names.length] ?? ''
    const good = random.pick(builtinFilters).xml
    return { how, text: WAYS[how]?.(good, random) ?? '' }
  })
}
