'use client'

import type { ReactNode } from 'react'
import type { HostDetail } from '../../server/api/host-detail.ts'
import { useHost } from '../shell/host-context.tsx'

const MODES: Readonly<Record<string, string>> = {
  lab: 'Lab: a bridge with guests in network namespaces of this machine',
  host: 'Host: the NICs on the bridges of this machine',
  libvirt: 'libvirt: the NICs that libvirt tells of',
}
const MIN_MS = 60_000

/** What the host is, and what its kernel can do. */
export function HostFacts({ detail }: { detail: HostDetail }) {
  const { host, link, skew } = useHost()
  const { capabilities, generation } = detail
  const isNft = host.backend === 'nftables'
  return (
    <dl className="host-facts">
      <Fact name="Host">
        <span className="mono">{detail.host}</span>
      </Fact>
      <Fact name="Mode">
        {MODES[host.mode ?? ''] ?? host.mode}
        {host.rootless && ', made by an ordinary user'}
      </Fact>
      <Fact name="Backend">{isNft ? 'nftables' : 'ebiptables: ebtables, iptables and ip6tables'}</Fact>
      <Fact name="Console link">
        {link === 'lost' ? 'unknown' : host.agent === 'connected' ? 'connected' : 'broken: rules and timers work on'}
      </Fact>
      {isNft && (
        <>
          <Fact name="Generation">
            {generation === '' ? 'no tables of ours' : <span className="mono">{generation}</span>}
          </Fact>
          <Fact name="Connections">
            {capabilities.bridgeConntrack
              ? 'The kernel tracks them on bridges: rules ask it for their state'
              : 'The kernel tracks none on bridges: their state is told through the packet mark'}
          </Fact>
          <Fact name="Packet mark">
            Bits <span className="mono">0x{(capabilities.markMask >>> 0).toString(16).padStart(8, '0')}</span> are ours,
            others are never changed
          </Fact>
        </>
      )}
      {skew !== 0 && (
        <Fact name="Clock">
          {sayDuration(Math.abs(skew))} {skew > 0 ? 'behind' : 'ahead of'} that of this browser
        </Fact>
      )}
    </dl>
  )
}

function sayDuration(ms: number): string {
  return ms < 2 * MIN_MS ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / MIN_MS)} min`
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
