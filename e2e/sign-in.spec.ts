import { expect, test } from './support/test.ts'

test('the printed link opens the filters, and is good once', async ({ page, context, instance }) => {
  const link = /^Sluice is ready: (\S+)$/m.exec(instance.printed().stdout)?.[1] ?? ''
  expect(instance.printed().stdout.match(/Sluice is ready/g)).toHaveLength(1)
  await page.goto(link)
  await expect(page).toHaveURL(/\/filters$/)
  await expect(page.getByRole('link', { name: 'clean-traffic', exact: true })).toBeVisible()
  const [cookie] = (await context.cookies()).filter(({ name }) => name.startsWith('sluice_session'))
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })

  await context.clearCookies()
  await page.goto(link)
  await expect(page.getByRole('alert').filter({ hasText: 'used already' })).toBeVisible()
  await page.goto('/filters')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('looking at a link does not use it up', async ({ page, request, instance }) => {
  const link = await instance.link()
  expect((await request.get(link)).status()).toBe(200)
  await page.goto(link)
  await expect(page).toHaveURL(/\/filters$/)
})

test('nobody gets in without a session, and nobody through another name or site', async ({
  request,
  instance,
  session,
}) => {
  const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const list = '/api/trpc/filter.list?input=%7B%22query%22%3A%22%22%7D'
  const change = '/api/trpc/nic.install'
  const data = { portDevice: 'vnet2' }
  expect((await request.get(list)).status()).toBe(401)
  expect((await request.get(list, { headers: { cookie } })).status()).toBe(200)
  expect((await request.get(list, { headers: { cookie, host: 'evil.example' } })).status()).toBe(421)
  expect((await request.get('/filters', { headers: { cookie, host: 'evil.example' } })).status()).toBe(421)
  const foreign = { cookie, origin: 'http://evil.example' }
  expect((await request.post(change, { headers: foreign, data })).status()).toBe(403)
  expect((await request.post(change, { headers: { cookie }, data })).status()).toBe(403)
  expect((await request.post('/sign-in/redeem', { headers: foreign, form: { token: 'x' } })).status()).toBe(403)
  expect((await request.post(change, { headers: { ...foreign, authorization: 'Basic eDp5' }, data })).status()).toBe(
    403,
  )
  expect((await request.post(change, { headers: { cookie, origin: instance.origin }, data })).status()).toBe(200)
})

test('every page carries a policy with a nonce that allows our scripts alone', async ({ request }) => {
  const [first, second] = await Promise.all([request.get('/sign-in'), request.get('/sign-in')])
  const nonceOf = (policy: string | undefined) => /'nonce-([^']+)'/.exec(policy ?? '')?.[1]
  const policy = first.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'self'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
  expect(nonceOf(policy)).not.toBe(nonceOf(second.headers()['content-security-policy']))
  expect(await first.text()).toContain(`nonce="${nonceOf(policy)}"`)
})
