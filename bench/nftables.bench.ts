import { readFileSync } from 'node:fs'
import { compileBinding, type HostFrame, parseBinding } from '#engine'
import { run as runProgram } from '../agent/exec/run.ts'
import { createLab } from '../agent/lab/create-lab.ts'
import { enterHost } from '../agent/lab/lab.ts'
import { removeLab } from '../agent/lab/remove-lab.ts'
import { bindingXml, desire, openLabHost } from '../tests/support/lab-host.ts'
import { loadEbiptables } from '../tests/support/load-ebiptables.ts'
import { cleanNics, filtersWith, placeAll, type TestNic, transactionTo } from '../tests/support/nft-host.ts'
import { type Bench, compared, median, type Result, time } from './bench.ts'
import { packetRate, whyNoRate } from './packet-rate.ts'

const SIZES = [1, 100, 1000, 5000]
/** libvirt's layout is loaded up to this size: beyond it the restore program takes minutes. */
const MOST_LIKE_LIBVIRT = 1000
const ROUNDS = 7
const MANY = 5000
const REDEFINED = 1000
const COMPILED = 10_000
const GUEST: TestNic = {
  portDevice: 'vnet0',
  mac: '52:54:00:00:00:10',
  filter: 'clean-traffic',
  parameters: { IP: '192.0.2.10' },
}

type Print = (result: Result) => void

/** One ruleset for all guests: what a packet, a NIC more and a filter that changes cost, by the number of NICs. */
export const run: Bench = async (print) => {
  await compile(print)
  await load(print)
  await change(print)
  const missing = whyNoRate()
  if (missing === undefined) await carry(print)
  else console.error(`skipped: packets a second, because ${missing}`)
}

/** The guest that talks, and others beside it. */
function nics(count: number): readonly TestNic[] {
  return [
    GUEST,
    ...cleanNics(count)
      .slice(1)
      .map((nic) => ({ ...nic, portDevice: nic.portDevice.replace('vnet', 'tap') })),
  ]
}

async function compile(print: Print): Promise<void> {
  const filters = filtersWith()
  const bindings = cleanNics(COMPILED)
  const inputs = placeAll(filters, bindings)
  const times: number[] = []
  let text = ''
  for (let round = 0; round < ROUNDS; round += 1)
    times.push(
      await time(() => {
        text = transactionTo(inputs.map((nic) => ({ ...nic }))).text
      }),
    )
  print(
    compared(
      `compile ${COMPILED} NICs to nft, ${(text.length / 1e6).toFixed(1)} MB of text`,
      median(times),
      'ms',
      'budget 100 ms',
      100,
    ),
  )
}

async function load(print: Print): Promise<void> {
  const lab = await createLab()
  try {
    const enter = enterHost(lab)
    const filters = filtersWith()
    let one: number | undefined
    for (const size of SIZES) {
      await runProgram(['nft', 'delete', 'table', 'bridge', 'sluice'], { enter })
      const { text } = transactionTo(placeAll(filters, nics(size)))
      const before = kernelMegabytes()
      const ms = await time(() => must(['nft', '-f', '-'], enter, text))
      const megabytes = kernelMegabytes() - before
      const { stdout } = await runProgram(['nft', '-t', '-a', 'list', 'table', 'bridge', 'sluice'], { enter })
      const rules = stdout.split('\n').filter((line) => /^\t\t.*# handle \d+$/.test(line)).length
      one ??= rules
      print(compared(`kernel rules with ${size} NICs`, rules, 'rules', `one NIC, ${one}`, one))
      if (size !== MANY) continue
      print(compared(`load ${size} NICs`, ms, 'ms', 'budget 500 ms', 500))
      print(compared(`kernel memory of ${size} NICs`, megabytes, 'MB', 'budget 64 MB', 64))
    }
  } finally {
    removeLab(lab)
  }
}

export async function change(print: Print): Promise<void> {
  const labHost = await openLabHost()
  try {
    const { host, enter } = labHost
    const all = nics(REDEFINED).map((nic) => ({ portDevice: nic.portDevice, xml: bindingOf(nic) }))
    const filters = desire('clean-traffic').filters
    const changed = filters.map(({ name, xml }, at) => ({
      name,
      xml:
        name === 'no-ip-spoofing'
          ? xml.replace(
              '</filter>',
              `<rule action='drop' direction='out' priority='${900 + (at % 50)}'><ip dstipaddr='192.0.2.66'/></rule></filter>`,
            )
          : xml,
    }))
    await must(await host.install({ filters, bindings: all, clear: [] }))
    const redefine: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      await host.settled()
      redefine.push(
        await time(async () =>
          must(await host.install({ filters: round % 2 === 0 ? changed : filters, bindings: all, clear: [] })),
        ),
      )
    }
    print(
      compared(
        `redefine a filter of ${REDEFINED} NICs, from the agent's receipt`,
        median(redefine),
        'ms',
        'budget 200 ms',
        200,
      ),
    )
    const adding: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const nic = { ...GUEST, portDevice: `new${round}`, parameters: { IP: `192.0.2.${100 + round}` } }
      adding.push(
        await time(async () =>
          must(
            await host.install({ filters, bindings: [{ portDevice: nic.portDevice, xml: bindingOf(nic) }], clear: [] }),
          ),
        ),
      )
      await host.settled()
    }
    print(compared(`add a NIC to ${REDEFINED}, from the agent's receipt`, median(adding), 'ms', 'budget 15 ms', 15))
    await redefineInKernel(print, enter)
  } finally {
    labHost.close()
  }

  function must(outcome: Awaited<ReturnType<typeof labHost.host.install>>): void {
    if (!outcome.ok) throw new Error(outcome.raw)
  }
}

/** The transaction alone, with the start of nft. */
async function redefineInKernel(print: Print, enter: readonly string[]): Promise<void> {
  const versions = [
    filtersWith(),
    filtersWith({
      'no-ip-spoofing': `<filter name='no-ip-spoofing' chain='ipv4-ip' priority='-710'><rule action='return' direction='out' priority='500'><ip srcipaddr='$IP'/></rule><rule action='drop' direction='out' priority='1000'/></filter>`,
    }),
  ]
  const inputs = versions.map((filters) => placeAll(filters, nics(REDEFINED)))
  let before: HostFrame | undefined
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { text, after } = transactionTo(inputs[round % 2] ?? [], before)
    const ms = await time(() => must(['nft', '-f', '-'], enter, text))
    if (before !== undefined) times.push(ms)
    before = after
  }
  print(compared(`redefine a filter of ${REDEFINED} NICs, the transaction`, median(times), 'ms', 'budget 50 ms', 50))
}

/** Packets a second with rules and without, in turns, so that the machine is the same for both. */
async function carry(print: Print): Promise<void> {
  const lab = await createLab()
  try {
    const enter = enterHost(lab)
    for (const tool of ['iptables', 'ip6tables'])
      await runProgram(['tee', `/proc/sys/net/bridge/bridge-nf-call-${tool}`], { enter, input: '0' })
    const filters = filtersWith()
    for (const size of SIZES) {
      const inputs = placeAll(filters, nics(size))
      const { text } = transactionTo(inputs)
      const [free, ours, theirs]: [number[], number[], number[]] = [[], [], []]
      for (let round = 0; round < ROUNDS; round += 1) {
        free.push(await packetRate(enter))
        await must(['nft', '-f', '-'], enter, text)
        ours.push(await packetRate(enter))
        await must(['nft', 'delete', 'table', 'bridge', 'sluice'], enter)
      }
      const against = `unfiltered, ${Math.round(median(free))}`
      print(compared(`clean-traffic with ${size} NICs carries`, median(ours), 'packets/s', against, median(free)))
      if (size > MOST_LIKE_LIBVIRT) continue
      const rulesets = inputs.map(({ binding }) => rulesetOf(filters, binding))
      const said = await loadEbiptables(rulesets, enter)
      if (said !== undefined) throw new Error(said)
      for (let round = 0; round < 3; round += 1) theirs.push(await packetRate(enter))
      await loadEbiptables([], enter)
      const libvirt = `libvirt's layout at this size, ${Math.round(median(theirs))}`
      print(compared(`clean-traffic with ${size} NICs carries`, median(ours), 'packets/s', libvirt, median(theirs)))
    }
  } finally {
    removeLab(lab)
  }
}

function rulesetOf(filters: ReturnType<typeof filtersWith>, binding: ReturnType<typeof placeAll>[number]['binding']) {
  const { value } = compileBinding({ filters, binding, dialect: 'libvirt' })
  if (value === undefined) throw new Error(`${binding.portDevice} is not compiled`)
  return value.ruleset
}

function bindingOf({ portDevice, mac = '', filter, parameters = {} }: TestNic): string {
  const xml = bindingXml(filter, parameters, portDevice).replace(/<mac address='[^']*'/, `<mac address='${mac}'`)
  if (parseBinding(xml, 'binding').value === undefined) throw new Error(xml)
  return xml
}

async function must(command: readonly string[], enter: readonly string[], input?: string): Promise<void> {
  const { status, stderr } = await runProgram(command, {
    enter,
    timeoutMs: 120_000,
    ...(input === undefined ? {} : { input }),
  })
  if (status !== 0) throw new Error(stderr)
}

/** What the kernel holds for itself, without caches of files. */
function kernelMegabytes(): number {
  const text = readFileSync('/proc/meminfo', 'utf8')
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return (of('SUnreclaim') + of('Percpu') + of('VmallocUsed')) / 1024
}
