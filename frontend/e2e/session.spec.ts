import { expect, signIn, test, unique } from './desk'

test('a wrong password is said kindly, and the right one leads back to where one was', async ({ page, expected }) => {
  expected.statuses = [401]
  await page.goto('/orders?status=ENTREGUE')
  await signIn(page, 'viewer', 'not-the-password')
  await expect(page.getByRole('alert')).toContainText('Usuário ou senha não conferem')
  await expect(page.getByLabel('Senha', { exact: true })).toBeFocused()

  await signIn(page, 'viewer')
  await expect(page).toHaveURL(/\/orders\?status=ENTREGUE$/)
})

test('after too many wrong ones the account waits, and the page says for how long', async ({ page, expected }) => {
  expected.statuses = [401, 429]
  const nobody = `nobody-${unique()}` // The server locks a name whether it exists or not.
  await page.goto('/sign-in')
  for (let count = 0; count < 6; count++) {
    const answered = page.waitForResponse('**/auth/session/login')
    await signIn(page, nobody, 'wrong')
    await answered
  }
  await expect(page.getByRole('alert')).toContainText(/esta conta espera \d+ min/)
})

test('a session that ends under the hands leads back, and the draft is still there', async ({
  page,
  shop,
  context,
  expected,
}) => {
  expected.statuses = [401]
  const product = await shop.product(10)
  await page.goto('/orders/new')
  await signIn(page, 'operator')
  await page.getByRole('combobox', { name: 'Adicionar produto' }).fill(product.name)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel(`Quantidade de ${product.name}`)).toBeVisible()

  await context.clearCookies({ name: 'sessionid' })
  await page.getByRole('combobox', { name: 'Cliente' }).click()
  await expect(page.getByText('Sua sessão terminou')).toBeVisible()
  await signIn(page, 'operator')
  await expect(page).toHaveURL(/\/orders\/new$/)
  await expect(page.getByLabel(`Quantidade de ${product.name}`)).toBeVisible()
})

test('signing out ends the session, and the next one begins at the start', async ({ page, context }) => {
  await page.goto('/orders')
  await signIn(page, 'viewer')
  await page
    .getByRole('button', { name: /^Conta de/ })
    .locator('visible=true')
    .click()
  await page.getByRole('menuitem', { name: 'Sair' }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  await expect(page.getByText('Sua sessão terminou')).toBeHidden()
  const other = await context.newPage()
  await other.goto('/orders')
  await expect(other).toHaveURL(/\/sign-in$/)
})

test('a busy server is waited for, and a page that lost its connection says so', async ({
  as,
  expected,
  context,
}) => {
  expected.statuses = [503]
  expected.offline = true
  const page = await as('viewer')
  let refusals = 0
  await page.route('**/api/v1/orders?*', (route) => {
    if (refusals++ >= 2) return route.fallback()
    return route.fulfill({
      status: 503,
      headers: { 'Retry-After': '1' },
      json: { code: 'temporarily_unavailable', status: 503 },
    })
  })
  await page.goto('/orders')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  expect(refusals).toBeGreaterThan(2)

  await context.setOffline(true)
  await expect(page.getByText('Você está sem conexão')).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText('Você está sem conexão')).toBeHidden()
})
