import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { agentProcess } from '../tests/support/agent-process.ts'
import { bindingXml, desire } from '../tests/support/lab-host.ts'
import { type Bench, compared } from './bench.ts'

const NICS = 1000
/** Beside those of clean-traffic, so that a NIC has thirty. */
const MORE_RULES = 15
const SECONDS = 20
const TICKS_PER_SECOND = 100
const BUDGET_PERCENT = 5

/** What an agent takes of a core that looks at a thousand NICs and tells of them every second, its programs counted. */
export const run: Bench = async (print) => {
  const rules = Array.from(
    { length: MORE_RULES },
    (_, at) => `<rule action='accept' direction='out'><tcp dstportstart='${1000 + at}'/></rule>`,
  )
  const own = { many: `<filter name='many'><filterref filter='clean-traffic'/>${rules.join('')}</filter>` }
  // In a namespace of its own, as the agent of a host works: it needs no program to get into it.
  const agent = agentProcess({ mode: 'host', as: ['unshare', '--net', '--'] })
  await agent.start()
  try {
    const bindings = Array.from({ length: NICS }, (_, at) => {
      const name = `tap${at}`
      return { portDevice: name, xml: bindingXml('many', { IP: `10.1.${at >> 8}.${at & 255}` }, name) }
    })
    const outcome = await agent.client.host.install.mutate({ ...desire('many', {}, own), bindings })
    if (!outcome.ok) throw new Error(outcome.raw)
    let bytes = 0
    let reports = 0
    const subscription = agent.client.host.watch.subscribe(undefined, {
      onData: (report) => {
        bytes += JSON.stringify(report).length
        reports += 1
      },
    })
    await sleep(4000)
    const pid = agent.pid() ?? 0
    const before = cpuSeconds(pid)
    ;[bytes, reports] = [0, 0]
    await sleep(SECONDS * 1000)
    const used = ((cpuSeconds(pid) - before) / SECONDS) * 100
    subscription.unsubscribe()
    print(compared(`${NICS} NICs: share of a core`, used, '%', `budget ${BUDGET_PERCENT} %`, BUDGET_PERCENT))
    print(compared(`${NICS} NICs: report`, bytes / Math.max(reports, 1), 'bytes', 'one kilobyte', 1024))
  } finally {
    await agent.stop()
  }
}

/** The process and all programs that it has started and that have ended. proc(5), utime to cstime. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
}
