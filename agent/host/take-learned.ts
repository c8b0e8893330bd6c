import type { HostCore } from './host-core.ts'
import { installNft } from './install-nft.ts'
import { sayLearned } from './say-learned.ts'

/** What was heard of guests goes into sets: no rule changes but those of a guest that had no address before. */
export async function takeLearned(core: HostCore, names: readonly string[]): Promise<void> {
  if (core.state().backend !== 'nftables') return
  const views = core.learning.views()
  for (const name of names) {
    const text = sayLearned(name, views.get(name)?.addresses ?? [])
    core.handle({ kind: 'told', what: 'learned', text, portDevices: [name] })
  }
  const outcome = await installNft(core, { devices: [], clear: [], why: 'learned' })
  if (outcome.ok) return
  core.handle({ kind: 'told', what: 'alarm', text: `${outcome.message} ${outcome.raw}`, portDevices: names })
}
