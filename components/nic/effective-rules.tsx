'use client'

import Link from 'next/link'
import { useState } from 'react'
import type { NicLive } from '../../server/api/host-view.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { formatTime } from '../ui/format-time.ts'
import { TableFrame } from '../ui/table-frame.tsx'
import type { NicDetail } from './nic-detail.ts'
import { ObserveButton } from './observe-button.tsx'
import { useRates } from './use-rates.ts'
import { Verdict } from './verdict.tsx'

type Section = NonNullable<NicDetail['compiled']>['sections'][number]
type Rule = Section['rules'][number]

const DIRECTIONS = [
  { id: 'both', name: 'Both' },
  { id: 'from-guest', name: 'Out' },
  { id: 'to-guest', name: 'In' },
] as const
/** The rules as a packet meets them, with live counters where the kernel holds them. */
export function EffectiveRules({ nic, live }: { nic: NicDetail; live: NicLive | undefined }) {
  const [direction, setDirection] = useState<(typeof DIRECTIONS)[number]['id']>('both')
  const [paused, setPaused] = useState(false)
  const counters = useRates(live, paused)
  if (nic.binding === null) {
    return (
      <div className="notice" data-tone="warn">
        <span>! No filter on this NIC. All traffic passes.</span>
        <Link href={`/nics/${encodeURIComponent(nic.portDevice)}?tab=binding`}>Attach a filter</Link>
      </div>
    )
  }
  if (nic.compiled === null) {
    return (
      <div className="card">
        <EmptyState title="This filter cannot be installed here">
          {nic.problems.find(({ severity }) => severity === 'error')?.message ??
            nic.problems[0]?.message ??
            'The binding cannot be read.'}
        </EmptyState>
      </div>
    )
  }
  const sections = nic.compiled.sections.filter((section) => direction === 'both' || direction === section.direction)
  return (
    <>
      <div className="toolbar">
        <fieldset className="segmented" aria-label="Direction" style={{ margin: 0, padding: 0 }}>
          {DIRECTIONS.map(({ id, name }) => (
            <button key={id} type="button" aria-pressed={direction === id} onClick={() => setDirection(id)}>
              {name}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          className="button"
          data-size="small"
          aria-pressed={paused}
          onClick={() => setPaused(!paused)}
        >
          {paused ? 'Resume counters' : 'Pause counters'}
        </button>
        {live?.appliedAt && <ObserveButton portDevice={nic.portDevice} live={live} />}
        {live?.countersSince && (
          <span className="muted small">
            {live.kernel.length > 0 &&
              live.elements.length > 0 &&
              !live.isObserved &&
              'Counted for all NICs with the rule, since '}
            {(live.elements.length === 0 || live.isObserved) && 'Counted since '}
            {formatTime(live.countersSince)}
          </span>
        )}
      </div>
      <TableFrame label="Effective rules" className={`rules${live?.state === 'unknown' ? ' stale' : ''}`}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Match</th>
              <th scope="col">Action</th>
              <th scope="col">Source</th>
              <th scope="col" className="number">
                Packets
              </th>
              <th scope="col" className="number">
                Bytes
              </th>
              <th scope="col" className="number">
                Per s
              </th>
            </tr>
          </thead>
          {sections.map(({ title, rules }) => (
            <tbody key={title}>
              <tr className="side">
                <td colSpan={6}>{title}</td>
              </tr>
              {rules.length === 0 && (
                <tr>
                  <td colSpan={6} className="muted">
                    No rule: everything passes here.
                  </td>
                </tr>
              )}
              {rules.map((rule, at) => (
                <RuleRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: two rules of a chain may be the same
                  key={`${rule.chain} ${at}`}
                  rule={rule}
                  counter={rule.key === null ? undefined : counters.get(rule.key)}
                  isLive={live?.state !== 'unknown'}
                />
              ))}
            </tbody>
          ))}
        </table>
      </TableFrame>
    </>
  )
}

type Counter = { readonly packets: number; readonly bytes: number; readonly rate: number }

function RuleRow({ rule, counter, isLive }: { rule: Rule; counter: Counter | undefined; isLive: boolean }) {
  return (
    <tr data-rule={rule.key ?? undefined}>
      <td className={rule.depth === 1 ? 'match sub mono' : 'match mono'}>
        {rule.match === '' ? <span className="muted">every frame</span> : rule.match}
        <div className="chain-name">{rule.chain}</div>
      </td>
      <td>
        <Verdict target={rule.target} isJump={rule.jump} />
      </td>
      <td className="nowrap">
        {rule.filter === null ? (
          <span className="muted">{rule.isTemporary ? 'temporary rule' : rule.jump ? 'jump' : 'end of chain'}</span>
        ) : (
          <Link className="link" href={`/filters/${encodeURIComponent(rule.filter)}#L${rule.line}`} prefetch={false}>
            {rule.filter}:{rule.line}
          </Link>
        )}
      </td>
      <td className="number counter">{counter === undefined ? '–' : counter.packets}</td>
      <td className="number counter">{counter === undefined ? '–' : counter.bytes}</td>
      <td className="number counter">{counter === undefined || !isLive ? '–' : counter.rate}</td>
    </tr>
  )
}
