import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { filtersWith, placeAll, type TestNic, transactionTo } from '../support/nft-host.ts'

/** Names and values that could mean something to nft's language mean nothing: the kernel holds what was said, and no more. */

type Fields = Readonly<Record<string, unknown>>
type Listed = { readonly nftables: readonly { readonly map?: Fields; readonly rule?: Fields }[] }

let lab: Lab
beforeAll(async () => {
  lab = await createLab()
})
afterAll(() => removeLab(lab))

test.each([
  'a.b-c.d-e.f-123',
  '-vnet0',
  'vnet0.100',
  '..a',
  'vnet0#1',
  "it's",
  '{vnet0}',
  'a;b',
  '$(id)',
  'ip',
  '@set',
  '!x',
  '0x10',
])('an interface called %s', async (portDevice) => {
  const rules = await load(filtersWith(), [{ portDevice, filter: 'clean-traffic', parameters: { IP: '192.0.2.10' } }])
  const { stdout } = await run(['nft', '-j', 'list', 'map', 'bridge', 'sluice', 'from-guest'], {
    enter: enterHost(lab),
  })
  const map = (JSON.parse(stdout) as Listed).nftables.flatMap(({ map: found }) =>
    found === undefined ? [] : [found],
  )[0]
  expect(map?.elem).toEqual([[portDevice, { goto: { target: 'clean-traffic-out' } }]])
  expect(rules.length).toBeGreaterThan(20)
})

test.each(['vnet*', 'a"b', 'a\\b', 'a/b', 'a b', 'sixteen-bytes-16', '.', 'vnet0\n', 'ü'])(
  'an interface called %j is refused',
  (portDevice) => {
    const { errors, text } = transactionTo(
      placeAll(filtersWith(), [{ portDevice, filter: 'clean-traffic', parameters: { IP: '192.0.2.10' } }]),
    )
    expect(errors).toEqual([expect.stringMatching(/^NWF373 /)])
    expect(text).not.toContain('elements')
  },
)

const COMMENTS = [
  `quote " and ' and \`id\``,
  'line\n\t\tdrop\n\t}\n}\nflush ruleset\n',
  '}',
  '" accept comment "',
  '\\" drop',
  `${'x'.repeat(254)}ü`,
  'ü'.repeat(128),
  '\u0085\u2028 # $(id) ;',
]
test.each(COMMENTS)('a comment %j', async (comment) => {
  const inXml = comment.replace(/[&<"\n\t]/g, (char) => `&#${char.charCodeAt(0)};`)
  const f = `<filter name='f'><rule action='drop' direction='in'><udp dstportstart='7' comment="${inXml}"/></rule></filter>`
  const rules = await load(filtersWith({ f }), [{ portDevice: 'vnet0', filter: 'f' }])
  const ofFilter = rules.filter(({ chain }) => String(chain).startsWith('f-ip-'))
  expect(ofFilter.map(({ chain }) => chain)).toEqual(['f-ip-out', 'f-ip-in'])
  for (const { expr, comment: kept } of ofFilter) {
    expect(JSON.stringify(expr)).toContain('{"drop":null}')
    expect(String(kept)).toMatch(/^f:1/)
    expect(Buffer.byteLength(String(kept))).toBeLessThanOrEqual(128)
  }
  expect(rules.length).toBe(2 + 3)
})

test.each(['a } flush ruleset', 'drop', 'ip', '"x"', '-', '../x', 'ü'.repeat(40), 'x'.repeat(200), '0'])(
  'a filter called %j',
  async (name) => {
    const inXml = name.replaceAll('"', '&quot;')
    const filters = filtersWith({
      [name]: `<filter name="${inXml}"><rule action='drop' direction='in'><udp dstportstart='7'/></rule></filter>`,
    })
    const rules = await load(filters, [{ portDevice: 'vnet0', filter: name }])
    expect(rules.length).toBe(2 + 3)
    for (const { chain } of rules) expect(String(chain).length).toBeLessThanOrEqual(127)
  },
)

test('ten thousand addresses in one variable', async () => {
  const IP = Array.from({ length: 10_000 }, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
  await load(filtersWith(), [{ portDevice: 'vnet0', filter: 'clean-traffic', parameters: { IP } }])
  const { stdout } = await run(['nft', 'list', 'set', 'bridge', 'sluice', 'IP-ipv4'], { enter: enterHost(lab) })
  expect(stdout.match(/"vnet0" \. 10\./g)?.length).toBe(10_000)
})

test.each(['10.0.0.1 } drop', '10.0.0.0/8'])('a text that no parameter may hold is none: %s', (value) => {
  const nic = { portDevice: 'vnet0', filter: 'clean-traffic', parameters: { IP: value } }
  const { text } = transactionTo(placeAll(filtersWith(), [nic]))
  expect(text).not.toContain(value)
  // Without an address the temporary rules stand.
  expect(text).toContain('chain learning-any-out')
})

test.each([
  ['IP', '010.0.0.1'],
  ['IP', '::1'],
])('a value that is no address is refused: %s %s', (name, value) => {
  expect(() =>
    placeAll(filtersWith(), [{ portDevice: 'vnet0', filter: 'clean-traffic', parameters: { [name]: value } }]),
  ).toThrow()
})

/** Loads NICs and gives the rules that the kernel lists. */
async function load(filters: ReturnType<typeof filtersWith>, nics: readonly TestNic[]) {
  const { text, errors } = transactionTo(placeAll(filters, nics))
  expect(errors).toEqual([])
  const loaded = await run(['nft', '-f', '-'], { enter: enterHost(lab), input: text })
  expect(loaded.stderr).toBe('')
  const tables = await run(['nft', 'list', 'tables'], { enter: enterHost(lab) })
  expect(tables.stdout).toBe('table bridge sluice\n')
  const listed = await run(['nft', '-j', 'list', 'table', 'bridge', 'sluice'], { enter: enterHost(lab) })
  return (JSON.parse(listed.stdout) as Listed).nftables.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))
}
