import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type DiagnosticCode,
  formatText,
  printScript,
  type Quirk,
  quirks,
  registry,
  renderDiagnostic,
  severityIn,
} from '#engine'
import { compileHostNftables } from '../bin/compile-host-nftables.ts'
import { compileStage } from '../bin/compile-stage.ts'
import { openFiles } from '../bin/open-files.ts'
import { builtinText } from '../bin/read-sources.ts'
import { backendNotes } from './backend-notes.ts'
import { dialectNotes } from './dialect-notes.ts'

// node scripts/generate-docs.ts: writes docs/diagnostics.md, dialects.md and nftables.md from the tables of the engine.
const FILE = 'example.xml'
const HUNDREDS = { 1: 'Texts', 2: 'References between filters', 3: 'Meaning' } as const
const DECISIONS = {
  corrected: 'Where it is clear what was meant and the tools can express it, `strict` does that, and tells nothing.',
  refused: 'Where that is not clear, or no tool can express it, `strict` makes an error of it.',
  kept: 'Where it is the language itself, both dialects do the same and tell the same.',
} as const

const GUESTS = [
  ['vnet0', '52:54:00:00:00:10', ['192.0.2.10']],
  ['vnet1', '52:54:00:00:00:11', ['192.0.2.11', '192.0.2.111']],
  ['vnet2', '52:54:00:00:00:12', ['192.0.2.12']],
] as const
const NFTABLES_ABOUT = [
  'libvirt makes chains for every NIC. Sluice makes chains for every filter, and a NIC is an element of sets: five thousand guests have the kernel rules of one, and one guest more is a handful of elements. Everything is one transaction of `nft -f`; tables of others are never named.',
  '- **Chains** are called after the filter that is bound, the direction as the guest sees it, and the sub-chain: `clean-traffic-out.mac`. `-ip-` and `-ip6-` are the IP layer. NICs with the same filter share them, however many values their parameters have. Where a value cannot stand in a set (a negated list, a TCP option), NICs with equal values share; `/vnet0` is a NIC that is observed.\n- **Sets** are called after the parameters they hold and their types: `IP-ipv4`. The interface is the first part of every key, so that a rule asks for all NICs at once.\n- **Sets called `ipset.`** stand for ipsets, which nftables cannot look into: the agent makes them of the files in the folder `sets` of its state directory, written as `ipset save` writes them, and takes every change as elements. `sluice compile --sets FILE` does the same. A filter whose set is not there is refused, and a set that a filter needs does not go.\n- **Limits of connections** (`connlimit-above`) are counted in the tables `ip` and `ip6`, by chains that each such NIC has for itself: the bridge cannot count, so free bits of the mark name the NIC there.\n- **Maps** lead a frame to the chains of its NIC, and are the last thing that makes a NIC live. `fast-from-guest` knows frames whose verdict is certain: one lookup, and the counters of all rules on their way; to a guest an ethertype that always passes goes the same short way (`-fast.`).\n- **Counters** belong to a rule of a filter: they go on while the rule says the same. `generation.N` counts nothing, its comment is the hash of the state.\n- **Comments** say filter, line, and what the author wrote.\n- **A sub-chain ends in accept**, as under ebtables, and the Ethernet layer and the IP layer each judge by themselves.',
  'States of connections, and rejects, need more than the bridge has on many kernels. There the tables `ip sluice` and `ip6 sluice` look at bridged packets by way of br_netfilter, write the state into bits of the mark (the mask is an option, other bits are never changed), and answer what the bridge marked as rejected. Where no rule needs them they do not exist, and br_netfilter is left alone.',
]

/** The pages, as text. */
export function generateDocs(): Readonly<Record<'diagnostics' | 'dialects' | 'nftables', string>> {
  return { diagnostics: diagnosticsPage(), dialects: dialectsPage(), nftables: nftablesPage() }
}

/** The text a registry's example stands for: a rule or a reference inside a filter; undefined for prose. */
export function textOfExample(code: DiagnosticCode): string | undefined {
  const { example } = registry[code]
  if (!example.startsWith('<')) return undefined
  const text = /^<(?:rule|filterref)/.test(example)
    ? `<filter name='example'>\n  ${example}\n</filter>\n`
    : `${example}\n`
  return formatText(text, FILE).value ?? text
}

function diagnosticsPage(): string {
  const codes = Object.keys(registry) as DiagnosticCode[]
  const contents = Object.entries(HUNDREDS).flatMap(([digit, title]) => [
    `**NWF${digit}xx: ${title}**`,
    codes
      .filter((code) => code.startsWith(`NWF${digit}`))
      .map((code) => `- [${code}](#${anchorOf(code)}) ${markdown(registry[code].title)}`)
      .join('\n'),
  ])
  return page([
    '# Diagnostics',
    'Everything Sluice has to say about a filter, binding, domain or network has a code. Codes are stable and never reused. `error` stands in the way of installing, `warning` and `info` do not. In the dialect `libvirt` a warning tells what libvirt 9.0.0 does without a word; [dialects](dialects.md) says what `strict` makes of it.',
    'Below each example stands what `sluice validate example.xml` prints about it.',
    ...contents,
    ...codes.flatMap(sectionOf),
  ])
}

function sectionOf(code: DiagnosticCode): readonly string[] {
  const { title, why, example, fix } = registry[code]
  const text = textOfExample(code)
  const shown =
    text === undefined ? [`Example: ${markdown(example)}.`] : [block('xml', text), block('text', findingsOf(text))]
  return [
    `## ${code} ${markdown(title)}`,
    `${capital(gravity(code))}.`,
    markdown(why),
    ...shown,
    `What to do: ${markdown(fix)}`,
  ]
}

function gravity(code: DiagnosticCode): string {
  const [usual, strict] = [severityIn('libvirt', code), severityIn('strict', code)]
  if (strict === undefined) return `${usual} in \`libvirt\`; \`strict\` [corrects it](dialects.md#corrected)`
  return usual === strict ? `${usual} in both dialects` : `${usual} in \`libvirt\`, ${strict} in \`strict\``
}

/** What the command line prints. */
function findingsOf(text: string): string {
  const workspace = openFiles([{ file: FILE, text, problem: undefined }], { dialect: 'libvirt', builtin: true })
  const placeOf = (source: string) =>
    source === FILE ? { text, file: source } : { text: builtinText(source), file: source }
  return compileStage(workspace, 'ruleset', { backend: 'ebiptables', dialect: 'libvirt' })
    .diagnostics.map((found) => renderDiagnostic(found, placeOf(found.source).text, found.source, { placeOf }))
    .join('\n')
}

function dialectsPage(): string {
  const tables = Object.entries(DECISIONS).flatMap(([decision, why]) => [
    `## ${capital(decision)}`,
    why,
    tableOf(quirks.filter(({ strict }) => strict === decision)),
  ])
  return page([
    '# Dialects',
    'A filter is read in one of two dialects. `libvirt` does what libvirt 9.0.0 does, surprise for surprise, and each one that a filter meets is a [diagnostic](diagnostics.md). In `strict` a rule means what it says, and what cannot be expressed is an error: nothing is left out silently.',
    'Use `libvirt`, which is the default, to see what a host that runs libvirt installs. Use `strict` for rules that nothing but Sluice installs, and to find everything in a filter that libvirt does not take at its word. On the command line it is `--dialect strict`, in a line of `compile --jsonl` it is `"dialect": "strict"`.',
    ...tables,
    '## Kept on purpose',
    'These are no surprises of one rule, so no code tells of them, and both dialects do the same:',
    dialectNotes.map((note) => `- ${note}`).join('\n'),
    '## Under nftables',
    'The nftables backend means what libvirt’s chains mean, in both dialects: the tests send the same frames through a kernel with the one and a kernel with the other, and compare who receives what. These are the differences, all of them on purpose:',
    Object.values(backendNotes)
      .map((note) => `- ${note}`)
      .join('\n'),
  ])
}

/** Three guests, as an admin reads them with `nft list ruleset`. */
function nftablesPage(): string {
  const files = GUESTS.map(([device, mac, addresses]) => ({
    file: device,
    text: bindingOf(device, mac, addresses),
    problem: undefined,
  }))
  const workspace = openFiles(files, { dialect: 'libvirt', builtin: true })
  return page([
    '# One ruleset for all guests',
    NFTABLES_ABOUT.join('\n\n'),
    'Three guests with `clean-traffic`, the second with two addresses:',
    block('', printScript(compileHostNftables(workspace, 'libvirt').ruleset)),
  ])
}

function bindingOf(device: string, mac: string, addresses: readonly string[]): string {
  const values = addresses.map((address) => `<parameter name='IP' value='${address}'/>`).join('')
  return `<filterbinding><owner><name>${device}</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner><portdev name='${device}'/><mac address='${mac}'/><filterref filter='clean-traffic'>${values}</filterref></filterbinding>`
}

function tableOf(rows: readonly Quirk[]): string {
  const cells = rows.map(({ code, title, libvirt, instead }) => [
    `[${code}](diagnostics.md#${anchorOf(code)})`,
    ...[title, libvirt, instead].map(markdown),
  ])
  const heads = ['Code', 'What is written', 'libvirt', 'strict']
  const widths = heads.map((head, at) => Math.max(head.length, ...cells.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[], fill = ' ') =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0, fill)).join(' | ')} |`
  const rule = line(
    heads.map(() => ''),
    '-',
  )
  return [line(heads), rule, ...cells.map((row) => line(row))].join('\n')
}

function page(parts: readonly string[]): string {
  const note = '<!-- Written by npm run docs from the tables of the engine: change those. -->'
  return `${[note, ...parts].join('\n\n')}\n`
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
}

/** The anchor that a heading gets. */
function anchorOf(code: DiagnosticCode): string {
  return `${code} ${registry[code].title}`
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

/** Text with its markup, entities, variables and attributes as code: Markdown would swallow them. */
function markdown(text: string): string {
  return text.replace(/<[^>]*>|&\w+;|\$\w+(?:\[[^\]]*\])?|[\w-]+=(['"])[^'"]*\1|\/>/g, (code) => `\`${code}\``)
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(generateDocs()))
    writeFileSync(join(import.meta.dirname, `../docs/${name}.md`), text)
}
