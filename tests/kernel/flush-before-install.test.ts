import { expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { desire, GUEST, openLabHost } from '../support/lab-host.ts'
import { nftText } from '../support/nft-text.ts'

test('a change that comes right behind a flush of somebody else is installed all the same', async () => {
  // It does not hear of the flush, as an agent that is asked before it has heard.
  const { host, enter, close } = await openLabHost()
  try {
    expect(await host.install(desire('clean-traffic', { IP: GUEST.ip }))).toMatchObject({ ok: true })
    await host.settled()
    expect(await run(['nft', 'flush', 'ruleset'], { enter })).toMatchObject({ status: 0 })
    expect(await host.install(desire('clean-traffic', { IP: [GUEST.ip, '192.0.2.110'] }))).toMatchObject({ ok: true })
    expect(await nftText(enter)).toContain('192.0.2.110')
    const { healing, timeline } = await host.settled()
    expect(healing.drift).toBeNull()
    expect(timeline.map(({ kind }) => kind)).not.toContain('refused')
  } finally {
    close()
  }
})
