import { expect, test } from 'vitest'
import { builtinFilters, printCommands, printTearOld } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { compileRuleset, type FilterTexts } from '../support/compile-ruleset.ts'
import { kernelText } from '../support/kernel-text.ts'
import { loadEbiptables } from '../support/load-ebiptables.ts'
import { runCommands } from '../support/run-commands.ts'

const rules = (...texts: readonly string[]): FilterTexts => ({
  texts: [`<filter name='one'>${texts.join('')}</filter>`],
})
const CASES: readonly (readonly [what: string, texts: FilterTexts])[] = [
  ['a filter without rules', rules()],
  [
    'clean-traffic',
    {
      texts: builtinFilters.map(({ xml }) => xml),
      root: 'clean-traffic',
      parameters: [
        ['IP', '192.0.2.10'],
        ['IP', '192.0.2.110'],
      ],
    },
  ],
  [
    'connections over IPv4, with comments that need quotes',
    rules(
      `<rule action='accept' direction='in'><tcp dstportstart='22' comment='a "b" \\ c&apos;d $x -j DROP'/></rule>`,
      `<rule action='drop' direction='in'><tcp dstportstart='80' dstportend='90' connlimit-above='2'/></rule>`,
      `<rule action='reject' direction='out'><udp state='NEW' comment='two words'/></rule>`,
    ),
  ],
  [
    'IPv6 alone',
    rules(
      `<rule action='accept' direction='inout'><icmpv6 type='128' code='0'/></rule>`,
      `<rule action='drop' direction='in'><tcp-ipv6 srcipaddr='2001:db8::' srcipmask='32'/></rule>`,
    ),
  ],
  [
    'all three tools, with sub-chains',
    {
      texts: [
        `<filter name='one'><filterref filter='arp'/><rule action='drop' direction='inout'><all/></rule><rule action='drop' direction='out'><esp-ipv6/></rule></filter>`,
        `<filter name='arp' chain='arp' priority='-300'><rule action='accept' direction='inout'><arp opcode='Reply'/></rule><rule action='return' direction='in'><arp/></rule></filter>`,
      ],
    },
  ],
]

test.each(CASES)('what is loaded stands in the kernel as the commands of libvirt leave it: %s', async (_, texts) => {
  const bound = compileRuleset(texts)
  if (bound === undefined) throw new Error('it is not compiled')
  const [ours, theirs] = [await createLab(), await createLab()]
  try {
    // Twice: what stood there before is gone.
    for (let times = 0; times < 2; times += 1)
      expect(await loadEbiptables([bound.ruleset], enterHost(ours))).toBeUndefined()
    expect(await runCommands(printCommands(bound.ruleset), enterHost(theirs))).toEqual([])
    const failures = await runCommands(printTearOld('vnet0'), enterHost(theirs))
    // A side or a tool that the filter does not use has no chain that could be renamed.
    expect(failures.filter((failure) => !failure.includes(' -E '))).toEqual([])
    expect(await textOfAll(enterHost(ours))).toBe(await textOfAll(enterHost(theirs)))
  } finally {
    removeLab(ours)
    removeLab(theirs)
  }
})

/** The tables of all tools, without counters and remarks. A table that is empty is as good as one that is not there. */
async function textOfAll(enter: readonly string[]): Promise<string> {
  const texts = [await kernelText(enter)]
  for (const tool of ['iptables', 'ip6tables']) {
    const { stdout } = await run([`${tool}-save`], { enter })
    texts.push(stdout.replace(/^#.*\n/gm, '').replace(/\[\d+:\d+\]/g, ''))
  }
  const isEmpty = (text: string) => !/^-A /m.test(text)
  return texts.map((text) => (isEmpty(text) ? 'no rules' : text)).join('\n')
}
