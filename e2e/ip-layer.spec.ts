import { ask } from './support/ask.ts'
import { startInstance } from './support/instance.ts'
import { expect, test } from './support/test.ts'
import { violations } from './support/violations.ts'

const WEB = `<filter name='web-server' chain='root'>
  <filterref filter='clean-traffic'/>
  <rule action='accept' direction='in' priority='100'>
    <tcp match='no' dstportstart='22' ipset='friends' ipsetflags='src'/>
  </rule>
  <rule action='accept' direction='inout' priority='200'>
    <icmp type='8'/>
  </rule>
  <rule action='drop' direction='inout' priority='1000'>
    <all-ipv6/>
  </rule>
</filter>
`
const BINDING = {
  portDevice: 'vnet2',
  owner: { name: 'lab-guest-2', uuid: '00000000-0000-4000-8000-000000000012' },
  mac: '52:54:00:00:00:12',
  filter: 'web-server',
  parameters: [{ name: 'IP', value: '192.0.2.12' }],
  expected: null,
}

test('rules of the IP layer are explained, compiled and applied', async ({ page }) => {
  const instance = await startInstance()
  try {
    await page.goto(await instance.link())
    await page.waitForURL('**/filters')
    await ask(page, 'filter.define', { name: 'web-server', xml: WEB, expected: null })
    await ask(page, 'binding.save', BINDING)

    await page.goto(`${instance.origin}/filters/web-server`)
    const problems = page.getByRole('region', { name: 'Problems' })
    await expect(problems).toContainText('libvirt drops this match: in <tcp> it erases ipset with ipsetflags')
    await expect(problems).toContainText('The negation of dstportstart is lost')
    await problems.getByRole('button', { name: 'Use out', exact: true }).click()
    await expect(problems.getByText('NWF328')).toHaveCount(0)
    await expect(problems.getByText('NWF356')).toBeVisible()

    await page.goto(`${instance.origin}/nics/vnet2?tab=compiled`)
    await expect(page.getByRole('heading', { name: 'iptables, table filter', exact: true })).toBeVisible()
    await expect(page.getByRole('region', { name: 'FO-vnet2 of iptables', exact: true })).toContainText(
      '-p tcp --dport 22',
    )
    await expect(page.getByRole('region', { name: 'table bridge sluice' })).toContainText('chain web-server-ip-in')
    await expect(page.getByRole('region', { name: 'table ip sluice' })).toContainText('ct state established')
    await expect(page.getByRole('region', { name: 'Problems' })).toContainText('libvirt drops this match')
    expect(await violations(page, 'compiled')).toEqual([])

    await page.getByRole('button', { name: 'Apply to vnet2' }).click()
    await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
    const listed = await instance.sluice(
      'lab',
      'exec',
      '--',
      'nft',
      'list',
      'chain',
      'bridge',
      'sluice',
      'web-server-ip-in',
    )
    expect(listed.stdout).toContain('dport 22')

    await page.getByRole('link', { name: 'Effective rules' }).click()
    await expect(page.getByRole('row', { name: 'Out: IPv6 from the guest (bridge, forward and input)' })).toBeVisible()
    await page.getByRole('button', { name: 'In', exact: true }).click()
    await expect(page.getByRole('row', { name: 'Out: IPv4 from the guest (bridge, forward and input)' })).toHaveCount(0)
    expect(await violations(page, 'effective rules')).toEqual([])
    const alone = page.getByRole('button', { name: 'Count this NIC alone' })
    await alone.click()
    await expect(alone).toHaveAttribute('aria-pressed', 'true')
    await page.getByRole('link', { name: 'Kernel now' }).click()
    await expect(page.getByRole('region', { name: 'web-server/vnet2-ip-in', exact: true })).toContainText('dport 22')
  } finally {
    await instance.stop()
  }
})

test('with the backend ebiptables rules of the IP layer are not half applied', async ({ page }) => {
  const instance = await startInstance('--backend', 'ebiptables')
  try {
    await page.goto(await instance.link())
    await page.waitForURL('**/filters')
    await ask(page, 'filter.define', { name: 'web-server', xml: WEB, expected: null })
    await ask(page, 'binding.save', BINDING)
    await page.goto(`${instance.origin}/nics/vnet2`)
    await expect(page.getByRole('region', { name: 'Readiness' })).toContainText('rules of the IP layer')
    await expect(page.getByRole('button', { name: 'Apply to vnet2' })).toBeDisabled()
    await expect(page.getByRole('row', { name: 'Out: from the guest to this host (ip6tables, INPUT)' })).toBeVisible()
    await page.goto(`${instance.origin}/nics/vnet0`)
    await page.getByRole('button', { name: 'Apply to vnet0' }).click()
    await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
    const listed = await instance.sluice('lab', 'exec', '--', 'ebtables-save')
    expect(listed.stdout).toContain('-A I-vnet0-mac')
  } finally {
    await instance.stop()
  }
})
