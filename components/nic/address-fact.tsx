import type { NicLive } from '../../server/api/host-view.ts'
import { LearningBadge, sourceOf } from './learned-addresses.tsx'
import type { NicDetail } from './nic-detail.ts'

/** The addresses of a NIC, each with where it comes from. */
export function AddressFact({ nic, live }: { nic: NicDetail; live: NicLive | undefined }) {
  const learning = live?.learning ?? null
  const learned = learning?.addresses ?? []
  const isWaiting = learning?.status === 'waiting' || learning?.status === 'late'
  return (
    <div>
      <dt>Addresses</dt>
      <dd className="address-list">
        {nic.addresses.length > 0 && (
          <span>
            <span className="mono">{nic.addresses.join(' ')}</span> <span className="muted">(from the binding)</span>
          </span>
        )}
        {learned.map((address) => (
          <span key={address.address}>
            <span className="mono">{address.address}</span>{' '}
            <span className="muted">(learned: {sourceOf(address)})</span>
          </span>
        ))}
        {learning !== null && isWaiting && <LearningBadge learning={learning} />}
        {nic.addresses.length + learned.length === 0 && !isWaiting && <span className="mono">none</span>}
      </dd>
    </div>
  )
}
