import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtinFilters, type Command, compileCommands, type Filter, parseBinding, parseFilter } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { kernelText } from '../support/kernel-text.ts'
import { bindingXml, desire, GUEST, type LabHost, OUTSIDE, openLabHost } from '../support/lab-host.ts'

const PARAMETERS = { IP: [GUEST.ip, '192.0.2.110'], IPV6: GUEST.ip6, GATEWAY_MAC: OUTSIDE.mac, DHCPSERVER: OUTSIDE.ip }
const PARAMETERS6 = { ...PARAMETERS, DHCPSERVER: 'fe80::1' }

let ours: LabHost
let theirs: LabHost
beforeAll(async () => {
  ours = await openLabHost('ebiptables')
  theirs = await openLabHost('ebiptables')
})
afterAll(() => {
  ours.close()
  theirs.close()
})

describe.each(builtinFilters.map(({ name }) => ({ name })))('$name', ({ name }) => {
  test('one transaction leaves the kernel as the commands of libvirt do', async () => {
    const parameters = name.includes('v6') ? PARAMETERS6 : PARAMETERS
    expect(await ours.host.install(desire(name, parameters))).toMatchObject({ ok: true })
    for (const clear of ['-F', '-X']) await run(['ebtables', '-t', 'nat', clear], { enter: theirs.enter })
    for (const command of commandsOf(bindingXml(name, parameters))) await run([...command], { enter: theirs.enter })
    const text = await kernelText(ours.enter)
    expect(text).toContain('libvirt-')
    expect(text).toBe(await kernelText(theirs.enter))
  })
})

test('a device without a filter leaves nothing behind', async () => {
  expect(await ours.host.install({ filters: [], bindings: [], clear: [GUEST.portDevice] })).toMatchObject({ ok: true })
  expect(await kernelText(ours.enter)).not.toContain(GUEST.portDevice)
})

function commandsOf(xml: string): readonly Command[] {
  const filters = new Map<string, Filter>(
    builtinFilters.map(({ name, xml: text }) => {
      const { value } = parseFilter(text, name)
      if (value === undefined) throw new Error(`${name} cannot be read`)
      return [name, value]
    }),
  )
  const binding = parseBinding(xml, 'binding').value
  if (binding === undefined) throw new Error('the binding cannot be read')
  return compileCommands({ filters, binding, dialect: 'libvirt' }).value ?? []
}
