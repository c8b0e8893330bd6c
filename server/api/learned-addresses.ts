import type { LearnedAddresses } from '../../agent/reconcile/learned-values.ts'
import { agentReport } from '../agents/watch-agent.ts'

/** What the agent has learned, of the devices of which it has learned something. */
export function learnedAddresses(): LearnedAddresses {
  const devices = agentReport().state?.portDevices ?? []
  return new Map(
    devices.flatMap(({ portDevice, learning }) => {
      const { addresses = [] } = learning ?? {}
      if (addresses.length === 0) return []
      const of = (wanted: 'ipv4' | 'ipv6') =>
        addresses.filter(({ family }) => family === wanted).map(({ address }) => address)
      return [[portDevice, { ipv4: of('ipv4'), ipv6: of('ipv6') }] as const]
    }),
  )
}
