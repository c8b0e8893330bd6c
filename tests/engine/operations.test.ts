import { describe, expect, test } from 'vitest'
import {
  type Binding,
  compileCommands,
  type Filter,
  parseFilter,
  printBasicRules,
  printDhcpOnlyRules,
  printDropAllRules,
  printRemoveBasicRules,
  printTeardown,
  printTearNew,
  printTearOld,
} from '#engine'
import { askOperations, type OracleOperation, oracleMissing } from '../support/oracle.ts'
import { splitCommand } from '../support/split-command.ts'

type Commands = readonly (readonly string[])[]
type Row = {
  readonly what: string
  readonly operation: Omit<OracleOperation, 'portDevice'>
  readonly ours: (portDevice: string) => Commands
}

const MAC = '52:54:00:aa:bb:cc'
const SERVERS: Readonly<Record<string, readonly string[]>> = {
  'any server': [],
  'one server': ['192.0.2.1'],
  'two servers': ['192.0.2.1', '198.51.100.7'],
}
/** The second one has the longest name a device can have. */
const PORT_DEVICES = ['vnet0', 'tap-0123456789a']

const LIFECYCLE: readonly Row[] = [
  { what: 'removing a new generation', operation: { name: 'tearNew' }, ours: printTearNew },
  { what: 'replacing the old generation', operation: { name: 'tearOld' }, ours: printTearOld },
  { what: 'removing everything', operation: { name: 'allTeardown' }, ours: printTeardown },
  {
    what: 'dropping everything',
    operation: { name: 'drop' },
    ours: (portDevice) => printDropAllRules({ portDevice }),
  },
  { what: 'removing temporary rules', operation: { name: 'removeBasic' }, ours: printRemoveBasicRules },
]
const TEMPORARY: readonly Row[] = [
  {
    what: 'temporary rules for learning from any packet',
    operation: { name: 'basic', mac: MAC },
    ours: (portDevice) => printBasicRules({ portDevice, mac: MAC }),
  },
  ...Object.entries(SERVERS).map(
    ([which, servers]): Row => ({
      what: `temporary rules for learning from DHCP, ${which}`,
      operation: { name: 'dhcp', mac: MAC, servers },
      ours: (portDevice) => printDhcpOnlyRules({ portDevice, mac: MAC, servers }),
    }),
  ),
]
/** The same rules, as a binding gets them whose filter needs an IP address that is not known. */
const LEARNING: readonly Row[] = [
  {
    what: 'a binding that says nothing about learning',
    operation: { name: 'basic', mac: MAC },
    ours: (portDevice) => compileLearning(portDevice, []),
  },
  {
    what: 'a binding that learns from any packet',
    operation: { name: 'basic', mac: MAC },
    ours: (portDevice) => compileLearning(portDevice, [['CTRL_IP_LEARNING', ['Any']]]),
  },
  ...Object.entries(SERVERS).map(
    ([which, servers]): Row => ({
      what: `a binding that learns from DHCP, ${which}`,
      operation: { name: 'dhcp', mac: MAC, servers },
      ours: (portDevice) =>
        compileLearning(portDevice, [
          ['CTRL_IP_LEARNING', ['dhcp']],
          ...(servers.length > 0 ? [['DHCPSERVER', servers] as const] : []),
        ]),
    }),
  ),
]

if (oracleMissing !== undefined)
  console.log(`skipped: the comparison of operations on a device with libvirt, because ${oracleMissing}`)

describe.skipIf(oracleMissing !== undefined).each(PORT_DEVICES)('what is run for %s', (portDevice) => {
  const rows = [...LIFECYCLE, ...TEMPORARY, ...LEARNING]
  const answers =
    oracleMissing === undefined ? askOperations(rows.map(({ operation }) => ({ ...operation, portDevice }))) : []
  test.each(rows.map((row, at) => [row.what, row, answers[at]] as const))(
    '%s is as libvirt runs it',
    (_, row, answer) => {
      expect(answer).toMatchObject({ ok: true, message: '' })
      expect(row.ours(portDevice)).toEqual(answer?.commands.map(splitCommand))
    },
  )
})

/** Commands for a filter of a rule of each layer that uses `$IP`. */
function compileLearning(portDevice: string, parameters: readonly (readonly [string, readonly string[]])[]): Commands {
  const rules = ['<ip srcipaddr="$IP"/>', '<all srcipaddr="$IP"/>'].map(
    (element) => `<rule action='accept' direction='out'>${element}</rule>`,
  )
  const { value } = parseFilter(`<filter name='needs-ip'>${rules.join('')}</filter>`, 'filter:needs-ip')
  const filters = new Map<string, Filter>(value === undefined ? [] : [[value.name, value]])
  const binding: Binding = {
    kind: 'binding',
    portDevice,
    linkDevice: undefined,
    owner: { name: 'test', uuid: 'd54df46f-1ab5-4a22-8618-4560ef5fac2c' },
    mac: MAC,
    filter: 'needs-ip',
    filterSpan: { start: 0, end: 0 },
    parameters: new Map(parameters),
    source: `binding:${portDevice}`,
  }
  return compileCommands({ filters, binding, dialect: 'libvirt' }).value ?? []
}
