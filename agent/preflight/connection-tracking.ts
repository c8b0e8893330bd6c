import { type Finding, fine, lack } from './finding.ts'
import { readProc } from './read-proc.ts'

const NAME = 'connections tracked'
/** From here on a burst may fill the table. */
const MUCH = 0.75
const FULL = 0.95

/** Whether connections are tracked, and how many more can be. Kernel, Documentation/networking/nf_conntrack-sysctl.rst */
export async function connectionTracking(enter: readonly string[]): Promise<Finding> {
  const [max, count] = await Promise.all(
    ['max', 'count'].map((name) => readProc(`/proc/sys/net/netfilter/nf_conntrack_${name}`, enter)),
  )
  return judgeTracking(max, count)
}

/** Both are what the kernel says; undefined where nothing is tracked. */
export function judgeTracking(max: string | undefined, count: string | undefined): Finding {
  const [most, now] = [Number(max), Number(count)]
  if (max === undefined || count === undefined || Number.isNaN(most) || Number.isNaN(now))
    return lack(
      NAME,
      'note',
      'none: nf_conntrack is not loaded; a rule with states, rejects or limits loads it, and counts from then on',
      'modprobe nf_conntrack',
    )
  const found = `${now} of at most ${most}`
  // 0 stands for no limit.
  if (most === 0 || now < most * MUCH) return fine(NAME, found)
  const detail = `${found}: packets of new connections are dropped when it is full, whatever rules say`
  return lack(
    NAME,
    now < most * FULL ? 'warning' : 'error',
    detail,
    `sysctl -w net.netfilter.nf_conntrack_max=${most * 4}`,
  )
}
