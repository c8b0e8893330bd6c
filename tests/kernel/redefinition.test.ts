import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HostFrame } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { udp } from '../support/frames.ts'
import { into, out, STRANGER } from '../support/frames-of-guest.ts'
import { GUEST } from '../support/lab-host.ts'
import { whyNoPair } from '../support/lab-pair.ts'
import { filtersWith, placeAll, transactionTo } from '../support/nft-host.ts'
import { quietLab } from '../support/quiet-lab.ts'
import { tcpInto, tcpOut } from '../support/segments.ts'
import { encodeFrames, openWire, readArrivals, splitAnswer, type Wire } from '../support/wire.ts'

/**
 * A filter that is used is redefined again and again while its guest talks: the kernel switches at once, so nothing forbidden
 * passes, nothing allowed is lost, and the connection that stood before stands behind it.
 */

const REDEFINITIONS = 1000
const FRAMES_PER_SECOND = 10_000
const BATCH = 500
const UDP = 17

const missing = await whyNoPair()
if (missing !== undefined) console.log(`skipped: redefinitions under traffic, because ${missing}`)

let lab: Lab | undefined
let wire: Wire | undefined
beforeAll(async () => {
  if (missing !== undefined) return
  lab = await createLab()
  await quietLab(lab, { guestMac: GUEST.mac, learning: false, bridgeNetfilter: true })
  wire = openWire(lab)
})
afterAll(() => {
  wire?.close()
  if (lab !== undefined) removeLab(lab)
})

const web = (port: number) => `<filter name='web'>
  <filterref filter='clean-traffic'/>
  <rule action='accept' direction='out'><all/></rule>
  <rule action='accept' direction='in'><tcp dstportstart='${port}'/></rule>
  <rule action='drop' direction='inout' priority='900'><all/></rule>
</filter>`

const HANDSHAKE = [tcpOut(), tcpInto({ from: 80, to: 40000, flags: 'SYN-ACK' }), tcpOut({ flags: 'ACK' })]
const ALLOWED = [
  tcpOut({ flags: 'ACK' }),
  tcpInto({ from: 80, to: 40000, flags: 'ACK' }),
  out.arp(),
  out.ip(),
  into.ip({ payload: '0000edca12340001' }),
]
const FORBIDDEN = [
  tcpInto({ from: 4000, to: 22 }),
  into.ip({ protocol: UDP, payload: udp(53, 4000) }),
  out.ip({ src: STRANGER.mac }),
  out.arp({ senderIp: STRANGER.ip }),
  out.ip({ srcIp: STRANGER.ip }),
]

test.skipIf(missing !== undefined)(
  `${REDEFINITIONS} redefinitions under traffic`,
  async () => {
    if (lab === undefined || wire === undefined) throw new Error('no lab')
    const enter = enterHost(lab)
    const nics = [8080, 8081].map((port) =>
      placeAll(filtersWith({ web: web(port) }), [
        { portDevice: 'vnet0', mac: GUEST.mac, filter: 'web', parameters: { IP: GUEST.ip } },
      ]),
    )
    let before: HostFrame | undefined
    const redefine = async (round: number) => {
      const { text, after, errors } = transactionTo(nics[round % 2] ?? [], before)
      expect(errors).toEqual([])
      const loaded = await run(['nft', '-f', '-'], { enter, input: text })
      expect(loaded.stderr).toBe('')
      before = after
    }
    await redefine(0)
    // An echo request opens the way for its answer.
    expect(await lost([...HANDSHAKE, out.ip()])).toEqual([])
    expect(await lost(FORBIDDEN)).toEqual(FORBIDDEN.map(({ what }) => what))

    let isDone = false
    const redefining = (async () => {
      for (let round = 1; round <= REDEFINITIONS; round += 1) await redefine(round)
      isDone = true
    })()
    const frames = Array.from({ length: BATCH }, (_, at) => {
      const from = at % 2 === 0 ? ALLOWED : FORBIDDEN
      return from[Math.floor(at / 2) % from.length] ?? out.arp()
    })
    const wrong = new Map<string, number>()
    let sent = 0
    const start = performance.now()
    while (!isDone) {
      const gone = await lost(frames)
      const through = frames.filter(({ what }) => !gone.includes(what)).map(({ what }) => what)
      for (const what of gone) if (ALLOWED.some((frame) => frame.what === what)) count(`lost: ${what}`)
      for (const what of through) if (FORBIDDEN.some((frame) => frame.what === what)) count(`through: ${what}`)
      sent += frames.length
      await sleep(Math.max(0, (sent / FRAMES_PER_SECOND) * 1000 - (performance.now() - start)))
    }
    await redefining
    expect([...wrong]).toEqual([])
    expect(await lost(ALLOWED)).toEqual([])
    const seconds = (performance.now() - start) / 1000
    console.log(`${sent} frames in ${seconds.toFixed(1)} s during ${REDEFINITIONS} redefinitions`)
    expect(sent / seconds).toBeGreaterThan(FRAMES_PER_SECOND * 0.5)

    function count(what: string) {
      wrong.set(what, (wrong.get(what) ?? 0) + 1)
    }
  },
  120_000,
)

/** Sends frames and names those that did not arrive where they belong. */
async function lost(
  frames: readonly { readonly from: string; readonly to: string; readonly hex: string; readonly what: string }[],
) {
  if (wire === undefined) throw new Error('no wire')
  const parts = splitAnswer(await wire.send(encodeFrames(frames)))
  return frames.flatMap(({ to, what }, at) =>
    readArrivals(parts[at] ?? Buffer.alloc(2)).some((one) => one.at === to) ? [] : [what],
  )
}
