import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../agent/exec/run.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost, LAB_GUESTS } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import { type QuietLabOptions, quietLab } from './quiet-lab.ts'
import { openWire, type Wire } from './wire.ts'
import { whyWireIsMissing } from './wire-program.ts'

/** One of two labs: `enter` leads into the namespace of its host. */
export type LabSide = { readonly enter: readonly string[]; readonly wire: Wire }
/** Two labs that are alike, with wires. */
export type LabPair = {
  readonly sides: readonly [first: LabSide, second: LabSide]
  readonly learning: boolean
  readonly close: () => void
}
/** `bridgeNetfilter` for each of the labs. The MAC address is that of the guest behind vnet0. */
export type LabPairOptions = Partial<Omit<QuietLabOptions, 'bridgeNetfilter'>> & {
  readonly bridgeNetfilter?: readonly [first: boolean, second: boolean]
}

/** What IPv6 says when it starts has been said after so long. */
const SETTLE_MS = 300

const BRIDGE_NETFILTER = '/proc/sys/net/bridge/bridge-nf-call-iptables'

/** Why two rulesets cannot be compared on this machine; undefined when they can. */
export async function whyNoPair(): Promise<string | undefined> {
  const missing = whyWireIsMissing()
  if (missing !== undefined) return missing
  // A module that is not there cannot be loaded from inside of a lab, and one that is built in needs no loading.
  await run(['modprobe', 'br_netfilter'])
  return existsSync(BRIDGE_NETFILTER)
    ? undefined
    : `this kernel has no ${BRIDGE_NETFILTER} (br_netfilter), so bridged packets never meet iptables`
}

/** Makes two labs and opens their wires. */
export async function openPair(options: LabPairOptions = {}): Promise<LabPair> {
  const { learning = false, bridgeNetfilter = [true, true] } = options
  const first = await openSide({ ...options, bridgeNetfilter: bridgeNetfilter[0] })
  try {
    const second = await openSide({ ...options, bridgeNetfilter: bridgeNetfilter[1] })
    const close = () => {
      first.close()
      second.close()
    }
    return { sides: [first, second], learning, close }
  } catch (error) {
    first.close()
    throw error
  }
}

/** Makes one such lab and opens its wire. */
export async function openSide(
  options: Partial<QuietLabOptions> = {},
): Promise<LabSide & { readonly close: () => void }> {
  const { guestMac = LAB_GUESTS[0]?.mac ?? '', learning = false, bridgeNetfilter = true } = options
  const lab = await createLab()
  try {
    await quietLab(lab, { guestMac, learning, bridgeNetfilter })
    const wire = openWire(lab)
    await sleep(SETTLE_MS)
    await wire.flushLearnedMacs()
    const close = () => {
      wire.close()
      removeLab(lab)
    }
    return { enter: enterHost(lab), wire, close }
  } catch (error) {
    removeLab(lab)
    throw error
  }
}
