import type { HostDetail } from '../../server/api/host-detail.ts'
import type { Tone } from '../ui/badge.tsx'

export type Entry = HostDetail['timeline'][number]
type Look = { readonly word: string; readonly tone: Tone; readonly sign: string }

/** What each kind of entry is called. */
export const TIMELINE_KINDS: Readonly<Record<Entry['kind'], Look>> = {
  applied: { word: 'Applied', tone: 'good', sign: '✓' },
  refused: { word: 'Refused', tone: 'bad', sign: '⊘' },
  drift: { word: 'Drift', tone: 'bad', sign: '≠' },
  healed: { word: 'Healed', tone: 'good', sign: '✓' },
  gone: { word: 'Drift gone', tone: 'plain', sign: '=' },
  alarm: { word: 'Alarm', tone: 'bad', sign: '!' },
  'window-opened': { word: 'Awaiting confirmation', tone: 'accent', sign: '…' },
  'window-extended': { word: 'Extended', tone: 'accent', sign: '…' },
  confirmed: { word: 'Confirmed', tone: 'good', sign: '✓' },
  'rolled-back': { word: 'Rolled back', tone: 'warn', sign: '↩' },
  broken: { word: 'Broken', tone: 'bad', sign: '✕' },
  memory: { word: 'Memory', tone: 'warn', sign: '!' },
  healing: { word: 'Healing', tone: 'accent', sign: '→' },
  learned: { word: 'Learned', tone: 'plain', sign: '+' },
  link: { word: 'Link', tone: 'plain', sign: '↔' },
  foreign: { word: 'Rules of others', tone: 'warn', sign: '!' },
}
