import { expect, test } from 'vitest'
import { compileCommands, parseBinding, parseFilter } from '#engine'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { bindingXml } from '../support/lab-host.ts'
import { runCommands } from '../support/run-commands.ts'

/** What is said to be refused by the tools, and beside it what differs in one thing and is not. */
const CASES = [
  [`<ip match='no' protocol='17'/><ip dstportstart='53'/>`, `<ip protocol='17' dstportstart='53'/>`],
  [`<ipv6 match='no' protocol='tcp'/><ipv6 srcportstart='53'/>`, `<ipv6 protocol='tcp' srcportstart='53'/>`],
  [`<ipv6 match='no' protocol='icmpv6' type='1'/>`, `<ipv6 protocol='icmpv6' type='1'/>`],
  [`<ipv6 protocol='tcp' type='1'/>`, `<ipv6 protocol='tcp'/>`],
  [
    `<mac srcmacaddr='1:2:3:4:5:6' srcmacmask='0:0:0:0:0:0'/>`,
    `<mac srcmacaddr='1:2:3:4:5:6' srcmacmask='ff:0:0:0:0:0'/>`,
  ],
  [`<all match='no' srcipaddr='10.0.0.1' srcipmask='0'/>`, `<all match='no' srcipaddr='10.0.0.1' srcipmask='1'/>`],
  [`<all-ipv6 match='no' dstipaddr='::1' dstipmask='0'/>`, `<all-ipv6 dstipaddr='::1' dstipmask='0'/>`],
  [`<tcp-ipv6 dstipfrom='::1' dstipto='10.1.2.3'/>`, `<tcp-ipv6 dstipfrom='::1'/>`],
  [`<vlan vlanid='4095'/>`, `<vlan vlanid='4094'/>`],
  [`<tcp option='0'/>`, `<tcp option='1'/>`],
  [`<tcp dstportstart='90' dstportend='80'/>`, `<tcp dstportstart='80' dstportend='90'/>`],
] as const

test.each(CASES)('the tool refuses %s, and takes %s', async (refused, taken) => {
  const lab = await createLab()
  try {
    const enter = enterHost(lab)
    expect(await runCommands(commandsOf(taken), enter)).toEqual([])
    const failures = await runCommands(commandsOf(refused), enter)
    // Nothing else is wrong with the commands than the rules that were announced.
    expect(failures.length).toBeGreaterThan(0)
    expect(failures.filter((failure) => !/ -A \S+ .*-j DROP: /.test(failure))).toEqual([])
  } finally {
    removeLab(lab)
  }
})

function commandsOf(elements: string) {
  const text = `<filter name='one'><rule action='drop' direction='in'>${elements}</rule></filter>`
  const filter = parseFilter(text, 'filter:one').value
  const binding = parseBinding(bindingXml('one'), 'binding:vnet0').value
  if (filter === undefined || binding === undefined) throw new Error(`it cannot be read: ${text}`)
  const { value } = compileCommands({ filters: new Map([['one', filter]]), binding, dialect: 'libvirt' })
  if (value === undefined) throw new Error(`libvirt refuses it: ${text}`)
  return value
}
