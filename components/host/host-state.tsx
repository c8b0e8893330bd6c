import type { HostView } from '../../server/api/host-view.ts'
import type { Live } from '../shell/host-context.tsx'
import { Badge } from '../ui/badge.tsx'

/** Where a host stands, worst first: one word for its rules, and one for changes that wait. */
export function HostState({ host, link }: Pick<Live, 'host' | 'link'>) {
  return (
    <>
      <RulesState host={host} link={link} />
      {host.windows > 0 && (
        <Badge tone="accent" sign="…" title="Changes that go back by themselves unless they are confirmed">
          {host.windows === 1 ? 'Awaiting confirmation' : `${host.windows} awaiting confirmation`}
        </Badge>
      )}
    </>
  )
}

function RulesState({ host, link }: Pick<Live, 'host' | 'link'>) {
  if (link === 'lost') return <Badge sign="?">Unknown</Badge>
  if (host.agent === 'none') return <Badge sign="?">No agent</Badge>
  if (host.agent === 'silent')
    return (
      <Badge tone="bad" sign="!" title="No report comes from the agent">
        Silent
      </Badge>
    )
  if (host.isStopped)
    return (
      <Badge tone="bad" sign="!" title="Something undid each heal; nothing is healed until somebody asks">
        Healing stopped
      </Badge>
    )
  if (host.isDrifted)
    return (
      <Badge tone="bad" sign="≠" title="The kernel does not hold what was applied last">
        Drifted
      </Badge>
    )
  if (host.nics.every(({ appliedAt }) => appliedAt === null)) return <Badge sign="–">Nothing applied</Badge>
  return (
    <Badge tone="good" sign="✓" title="The kernel holds what was applied last">
      In sync
    </Badge>
  )
}

const WORDS = [
  ['applied', 'applied'],
  ['pending', 'not applied'],
  ['drifted', 'drifted'],
  ['broken', 'broken'],
  ['unfiltered', 'without filter'],
] as const

/** How many NICs a host has, by their state. */
export function countNics({ nics }: HostView): string {
  const counts = WORDS.flatMap(([state, word]) => {
    const count = nics.filter((nic) => nic.state === state).length
    return count === 0 ? [] : [`${count} ${word}`]
  })
  const all = `${nics.length} ${nics.length === 1 ? 'NIC' : 'NICs'}`
  return counts.length === 0 ? all : `${all}: ${counts.join(', ')}`
}
