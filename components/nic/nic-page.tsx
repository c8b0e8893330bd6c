'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useHost, useNic } from '../shell/host-context.tsx'
import { SilenceNotice } from '../shell/silence-notice.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { useAgainWhen } from '../shell/use-again-when.ts'
import { AddressFact } from './address-fact.tsx'
import { ApplyButton } from './apply-button.tsx'
import { BindingForm } from './binding-form.tsx'
import { CompiledChains } from './compiled-chains.tsx'
import { EffectiveRules } from './effective-rules.tsx'
import { KernelNow } from './kernel-now.tsx'
import type { NicDetail } from './nic-detail.ts'
import { BrokenNotice, LearningNotice } from './nic-notices.tsx'
import { NicStateBadge } from './nic-state-badge.tsx'
import { Readiness } from './readiness.tsx'
import { Truths } from './truths.tsx'

const TABS = [
  { id: 'rules', name: 'Effective rules' },
  { id: 'compiled', name: 'Compiled' },
  { id: 'kernel', name: 'Kernel now' },
  { id: 'binding', name: 'Binding and parameters' },
] as const

/** One NIC: what is desired, what was applied, what the kernel does. */
export function NicPage({
  initial,
  filterNames,
  tab,
}: {
  initial: NicDetail
  filterNames: readonly string[]
  tab: string | undefined
}) {
  const trpc = useTRPC()
  const answer = useQuery(trpc.nic.get.queryOptions({ portDevice: initial.portDevice }, { initialData: initial }))
  const { data: nic, refetch } = answer
  const live = useNic(initial.portDevice)
  const { backend } = useHost().host
  // What was learned takes the place of parameters: the rules are others.
  const learned = live?.learning?.addresses.map(({ address }) => address).join()
  useAgainWhen(learned, refetch)
  const current = TABS.find(({ id }) => id === tab)?.id ?? 'rules'
  const path = `/nics/${encodeURIComponent(nic.portDevice)}`
  return (
    <>
      <div className="page-head">
        <h1>{nic.portDevice}</h1>
        <NicStateBadge state={live?.state ?? 'unknown'} />
        <span className="grow" />
        <ApplyButton nic={nic} live={live} />
      </div>
      <SilenceNotice />
      <BrokenNotice live={live} isInstallable={nic.installable && nic.filter !== null} />
      <LearningNotice live={live} />
      <dl className="facts">
        <Fact name="Owner" value={nic.owner} />
        <Fact name="MAC" value={nic.mac} />
        <AddressFact nic={nic} live={live} />
        <Fact name="Backend" value={backend === 'nftables' ? 'nftables' : 'ebtables'} />
      </dl>
      <Truths nic={nic} live={live} />
      <div className="nic-layout">
        <div>
          <nav className="tabs" aria-label="About this NIC">
            {TABS.map(({ id, name }) => (
              <Link
                key={id}
                href={id === 'rules' ? path : `${path}?tab=${id}`}
                aria-current={id === current ? 'page' : undefined}
                scroll={false}
              >
                {name}
              </Link>
            ))}
          </nav>
          {current === 'rules' && <EffectiveRules nic={nic} live={live} />}
          {current === 'compiled' && <CompiledChains nic={nic} />}
          {current === 'kernel' && <KernelNow live={live} />}
          {current === 'binding' && <BindingForm key={nic.binding?.version ?? 0} nic={nic} filterNames={filterNames} />}
        </div>
        <Readiness nic={nic} live={live} />
      </div>
    </>
  )
}

function Fact({ name, value }: { name: string; value: string | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mono">{value ?? 'none'}</dd>
    </div>
  )
}
