import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtinFilters } from '#engine'
import { type Host, openHost } from '../../agent/host/host.ts'
import { createLab } from '../../agent/lab/create-lab.ts'
import { enterHost, type Lab } from '../../agent/lab/lab.ts'
import { removeLab } from '../../agent/lab/remove-lab.ts'
import type { BackendName } from '../../agent/link/contract.ts'

export const GUEST = { portDevice: 'vnet0', mac: '52:54:00:00:00:10', ip: '192.0.2.10', ip6: '2001:db8::10' } as const
export const NEIGHBOUR = {
  portDevice: 'vnet1',
  mac: '52:54:00:00:00:11',
  ip: '192.0.2.11',
  ip6: '2001:db8::11',
} as const
export const OUTSIDE = { portDevice: 'outside', mac: '52:54:00:00:00:01', ip: '192.0.2.1', ip6: '2001:db8::1' } as const

/** A lab of its own, and a managed host in it. */
export type LabHost = {
  readonly lab: Lab
  readonly host: Host
  readonly enter: readonly string[]
  readonly stateDir: string
  readonly close: () => void
}

/** `isWatching`: it hears of changes and heals them, as an agent does. */
export async function openLabHost(backend: BackendName = 'nftables', isWatching = false): Promise<LabHost> {
  const lab = await createLab()
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-lab-'))
  const enter = enterHost(lab)
  const host = openHost({ mode: 'lab', rootless: lab.rootless, stateDir, enter, backend })
  await host.look()
  if (isWatching) await host.watch('this start')
  const close = () => {
    host.close()
    removeLab(lab)
    rmSync(stateDir, { recursive: true, force: true })
  }
  return { lab, host, enter, stateDir, close }
}

type Parameters = Readonly<Record<string, string | readonly string[]>>

/** The binding of the first guest, or of another device. */
export function bindingXml(
  filter: string,
  parameters: Parameters = {},
  portDevice: string = GUEST.portDevice,
  mac: string = portDevice === GUEST.portDevice ? GUEST.mac : NEIGHBOUR.mac,
): string {
  const values = Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((one) => `<parameter name='${name}' value='${one}'/>`),
  )
  const owner = `<owner><name>guest</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner>`
  return `<filterbinding>${owner}<portdev name='${portDevice}'/><mac address='${mac}'/><filterref filter='${filter}'>${values.join('')}</filterref></filterbinding>`
}

/** The desired state in which the first guest has this filter; own filters replace built-ins of the same name. */
export function desire(filter: string, parameters: Parameters = {}, own: Readonly<Record<string, string>> = {}) {
  const builtin = builtinFilters.map(({ name, xml }) => [name, xml] as const)
  const texts = new Map<string, string>([...builtin, ...Object.entries(own)])
  return {
    filters: [...texts].map(([name, xml]) => ({ name, xml })),
    bindings: [{ portDevice: GUEST.portDevice, xml: bindingXml(filter, parameters) }],
    clear: [] as string[],
  }
}
