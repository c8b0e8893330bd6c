import type { Locator } from '@playwright/test'
import { arp, BROADCAST, ethernet, ipv4, ping } from '../tests/support/frames.ts'
import { ask } from './support/ask.ts'
import { openEditor, placeCursorAfter } from './support/editor.ts'
import { expect, test } from './support/test.ts'

const GUEST = { mac: '52:54:00:00:00:10', ip: '192.0.2.10' }
const OUTSIDE = { mac: '52:54:00:00:00:01', ip: '192.0.2.1' }

const spoofedArp = ethernet({
  src: GUEST.mac,
  dst: BROADCAST,
  type: '0806',
  payload: arp({ senderMac: GUEST.mac, senderIp: '192.0.2.99', targetIp: OUTSIDE.ip }),
})
const packetFrom = (src: string) =>
  ethernet({
    src: GUEST.mac,
    dst: OUTSIDE.mac,
    type: '0800',
    payload: ipv4({ src, dst: OUTSIDE.ip, protocol: 1, payload: ping() }),
  })

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox({ timeout: 1000 })
  if (box === null) throw new Error('it is not visible')
  return box
}

test('edit clean-traffic, apply it, and see the kernel drop what is spoofed', async ({ signedIn: page, instance }) => {
  const send = async (hex: string) => (await instance.sluice('lab', 'send', '--from', 'vnet0', '--hex', hex)).stdout
  const packets = (chain: string, action: string) =>
    page.getByRole('row').filter({ hasText: chain }).filter({ hasText: action }).locator('td.number').first()

  await page.goto('/nics')
  // What was applied before must not come back by itself.
  await ask(page, 'host.setHealing', { kind: 'ask' })
  await instance.sluice('lab', 'exec', '--', 'nft', 'delete', 'table', 'bridge', 'sluice')
  // Before anything is applied the spoofed frames arrive: what follows is the filter's doing.
  expect(await send(spoofedArp)).toContain('outside')
  expect(await send(packetFrom('192.0.2.99'))).toContain('outside')

  await openEditor(page, 'clean-traffic')
  const xml = await page.evaluate(async () => {
    const answer = await fetch('/api/trpc/filter.get?input=%7B%22name%22%3A%22clean-traffic%22%7D')
    return (await answer.json()).result.data.xml as string
  })
  await placeCursorAfter(page, xml, 'protocolid="ipv4')
  await page.keyboard.type('4')
  const problems = page.getByRole('region', { name: 'Problems' })
  const line = xml.slice(0, xml.indexOf('protocolid="ipv4')).split('\n').length
  await expect(problems.getByText(`line ${line}:`)).toBeVisible()
  await expect(problems).toContainText('protocolid')
  await expect(async () => {
    const squiggle = await boxOf(page.locator('.squiggly-error'))
    const value = await boxOf(page.locator('.view-line span').getByText('"ipv44"', { exact: true }).last())
    expect(Math.abs(squiggle.y - value.y)).toBeLessThan(20)
    expect(squiggle.x).toBeLessThan(value.x + value.width)
    // It ends where the value ends, and begins no earlier than the attribute's name.
    expect(squiggle.x + squiggle.width).toBeLessThan(value.x + value.width + 10)
    expect(squiggle.x).toBeGreaterThan(value.x - 110)
  }).toPass({ timeout: 10_000 })

  await page.keyboard.press('Backspace')
  await expect(problems.getByRole('status')).toHaveText(/none/)
  await placeCursorAfter(page, xml, '<filterref filter="no-mac-spoofing"/>')
  await page.keyboard.type('\n<filterref filter="no-ip-multicast"/>')
  await expect(page.getByText('not saved').filter({ visible: true })).toBeVisible()
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('status').filter({ hasText: 'Saved as version 2' })).toBeVisible()

  await page.getByRole('link', { name: 'vnet0' }).first().click()
  await expect(page).toHaveURL(/\/nics\/vnet0$/)
  await page.getByRole('link', { name: 'Compiled' }).click()
  // Both forms stand side by side: what the agent installs, and what libvirt would.
  await expect(page.getByRole('region', { name: 'table bridge sluice' })).toContainText('@IP-ipv4')
  await expect(page.getByRole('region', { name: 'I-vnet0-ipv4', exact: true })).toContainText('-j DROP')
  await page.getByRole('button', { name: 'Apply to vnet0' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Applied at' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')

  await page.getByRole('link', { name: 'Effective rules' }).click()
  await expect(packets('clean-traffic-out.arp-ip', 'drop')).toHaveText('0')
  expect(await send(spoofedArp)).toBe('')
  await expect(packets('clean-traffic-out.arp-ip', 'drop')).toHaveText('1', { timeout: 2000 })
  expect(await send(packetFrom('192.0.2.99'))).toBe('')
  await expect(packets('clean-traffic-out.ipv4-ip', 'drop')).toHaveText('1', { timeout: 2000 })
  expect(await send(packetFrom(GUEST.ip))).toContain('outside')
  const pinged = await instance.sluice('lab', 'exec', '--in', 'vnet0', '--', 'ping', '-c1', '-W2', OUTSIDE.ip)
  expect(pinged).toMatchObject({ status: 0 })
  expect(pinged.stdout).toContain('1 received')
  await ask(page, 'host.setHealing', { kind: 'now' })
})

test('what another admin saved in between is not overwritten', async ({ signedIn: page }) => {
  await openEditor(page, 'allow-arp')
  await page.keyboard.press('Control+End')
  await page.keyboard.type('<!-- mine -->')
  const other = await page.context().newPage()
  await openEditor(other, 'allow-arp')
  await other.keyboard.press('Control+End')
  await other.keyboard.type('<!-- theirs -->')
  await other.keyboard.press('Control+s')
  await expect(other.getByText('Saved as version 2').filter({ visible: true })).toBeVisible()
  await other.close()
  await page.keyboard.press('Control+s')
  const notice = page.getByRole('alert').filter({ hasText: 'Your text is still in the editor' })
  await expect(notice).toBeVisible()
  await expect(page.locator('.view-lines')).toContainText('mine')
  await notice.getByRole('button', { name: /Keep mine/ }).click()
  await page.getByRole('button', { name: 'Save as new version' }).click()
  await expect(page.getByText('Saved as version 3').filter({ visible: true })).toBeVisible()
})

test('a text that cannot be a filter is not saved, and stays', async ({ signedIn: page }) => {
  await openEditor(page, 'allow-dhcp')
  await page.keyboard.press('Control+Home')
  await page.keyboard.type('<')
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText('NWF1')
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('alert').filter({ hasText: /not saved/i })).toBeVisible()
  await expect(page.locator('.view-lines')).toContainText('<<')
  await page.reload()
  await expect(page.getByText('version 1', { exact: true }).filter({ visible: true })).toBeVisible()
})
