import { readFileSync } from 'node:fs'
import { compileBinding, type HostFrame, parseBinding } from '#engine'
import { run as runProgram } from '../agent/exec/run.ts'
import { createLab } from '../agent/lab/create-lab.ts'
import { enterHost, type Lab } from '../agent/lab/lab.ts'
import { removeLab } from '../agent/lab/remove-lab.ts'
import { bindingXml, desire, openLabHost } from '../tests/support/lab-host.ts'
import { loadEbiptables } from '../tests/support/load-ebiptables.ts'
import { cleanNics, filtersWith, placeAll, type TestNic, transactionTo } from '../tests/support/nft-host.ts'
import { type Bench, compared, median, type Result, time } from './bench.ts'
import { packetRates, whyNoRate } from './packet-rate.ts'

const SIZES = [1, 100, 1000, 5000]
/** libvirt's layout is loaded up to this size: beyond it the restore program takes minutes. */
const MOST_LIKE_LIBVIRT = 1000
const ROUNDS = 21
/** Of packet rates; as many with the one lab in front as with the other. */
const RATE_ROUNDS = 10
const MANY = 5000
const REDEFINED = 1000
const GUEST: TestNic = {
  portDevice: 'vnet0',
  mac: '52:54:00:00:00:10',
  filter: 'clean-traffic',
  parameters: { IP: '192.0.2.10' },
}

type Print = (result: Result) => void

/** One ruleset for all guests: what a packet, a NIC more and a filter that changes cost, by the number of NICs. */
export const run: Bench = async (print) => {
  await change(print)
  await load(print)
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

/** Packets a second with rules and without, in turns of milliseconds, so that the machine is the same for both. */
async function carry(print: Print): Promise<void> {
  const labs: Lab[] = []
  try {
    for (let count = 0; count < 3; count += 1) labs.push(await createLab())
    const [free, ours, theirs] = labs
    if (free === undefined || ours === undefined || theirs === undefined) return
    for (const lab of labs)
      for (const tool of ['iptables', 'ip6tables'])
        await runProgram(['tee', `/proc/sys/net/bridge/bridge-nf-call-${tool}`], { enter: enterHost(lab), input: '0' })
    const filters = filtersWith()
    for (const size of SIZES) {
      const metric = `clean-traffic with ${size} NICs carries`
      const inputs = placeAll(filters, nics(size))
      await must(['nft', '-f', '-'], enterHost(ours), transactionTo(inputs).text)
      const [mine, unfiltered] = await ratesOf(ours, free)
      print(compared(metric, mine, 'packets/s', `unfiltered, ${Math.round(unfiltered)}`, unfiltered))
      if (size > MOST_LIKE_LIBVIRT) continue
      const rulesets = inputs.map(({ binding }) => rulesetOf(filters, binding))
      const said = await loadEbiptables(rulesets, enterHost(theirs))
      if (said !== undefined) throw new Error(said)
      const [again, libvirt] = await ratesOf(ours, theirs)
      print(compared(metric, again, 'packets/s', `libvirt's layout at this size, ${Math.round(libvirt)}`, libvirt))
    }
  } finally {
    for (const lab of labs) removeLab(lab)
  }
}

/** The rates of two labs: the pair whose ratio is the median of many, half of them with the second lab in front. */
async function ratesOf(first: Lab, second: Lab): Promise<readonly [number, number]> {
  const pairs: [number, number][] = []
  for (let round = 0; round < RATE_ROUNDS; round += 1) {
    const isTurned = round % 2 === 1
    const [one = 0, other = 0] = packetRates(isTurned ? [second, first] : [first, second])
    pairs.push(isTurned ? [other, one] : [one, other])
  }
  pairs.sort(([a, b], [c, d]) => a / b - c / d)
  const [low, high] = [pairs[RATE_ROUNDS / 2 - 1], pairs[RATE_ROUNDS / 2]]
  if (low === undefined || high === undefined) throw new Error('no round was measured')
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]
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
