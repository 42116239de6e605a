import { choose, expect, signIn, test, unique } from './desk'

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

test('a session that ends in the middle of a form takes nothing that was typed', async ({
  as,
  context,
  expected,
}) => {
  expected.statuses = [401]
  const name = `Cliente ${unique()}`
  const page = await as('manager')
  await page.goto('/customers/new')
  await page.getByLabel('Nome').fill(name)
  await page.getByLabel('Rua').fill('Rua Augusta')
  await context.clearCookies({ name: 'sessionid' })
  await page.getByRole('button', { name: 'Salvar cliente' }).click()

  await expect(page.getByRole('dialog')).toContainText('Sua sessão terminou')
  await signIn(page, 'manager')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByLabel('Rua')).toHaveValue('Rua Augusta')
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
})

test('of a session that ended, nothing is left for another user', async ({ as, context, expected }) => {
  expected.statuses = [401]
  const page = await as('manager')
  await page.goto('/customers/new')
  await page.getByLabel('Nome').fill('Segredo')
  await context.clearCookies({ name: 'sessionid' })
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await signIn(page, 'viewer')
  await expect(page.getByText('Seu perfil não permite abrir esta tela.')).toBeVisible()
})

test('each tab names the user that it acts as', async ({ page, shop, context }) => {
  const name = `Cliente ${unique()}`
  await shop.post('/customers', { name, phone: '11987654321' })
  await page.goto(`/customers?search=${name}`)
  await signIn(page, 'manager') // A session of its own, since it is signed out here.
  await expect(page.getByRole('row', { name })).toContainText('(11) 98765-4321')

  const other = await context.newPage()
  await other.goto('/')
  await expect(other.getByRole('button', { name: /^Conta de/ }).first()).toBeVisible()
  await other
    .getByRole('button', { name: /^Conta de/ })
    .locator('visible=true')
    .click()
  await other.getByRole('menuitem', { name: 'Sair' }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  await signIn(other, 'viewer')

  await expect(page).toHaveURL(/\/customers/)
  await expect(page.getByRole('button', { name: 'Conta de Otávio Lins' }).first()).toBeVisible()
  await expect(page.getByRole('row', { name })).toContainText('***4321')
})

test('who signs out leaves no draft, and no document in the tab', async ({ page, shop }) => {
  const name = `Cliente ${unique()}`
  const cnpj = '12ABC34501DE35'
  const { results } = await shop.get<{ results: { name: string }[] }>(`/customers?document=${cnpj}`)
  const customer =
    results[0]?.name ?? (await shop.post<{ name: string }>('/customers', { name, document: cnpj })).name
  await page.goto('/orders/new')
  await signIn(page, 'operator')
  await choose(page, 'Cliente', customer)
  await expect(page.getByText('12.ABC.345/01DE-35').first()).toBeVisible()
  const kept = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }))
  expect(await kept()).toContain(customer)
  expect(await kept()).not.toContain('ABC')
  await page
    .getByRole('button', { name: /^Conta de/ })
    .locator('visible=true')
    .click()
  await page.getByRole('menuitem', { name: 'Sair' }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  expect(await kept()).not.toContain(customer)
})

test('who signs out here and in at the admin is signed in here', async ({ page }) => {
  await page.goto('/orders')
  await signIn(page, 'admin')
  await page
    .getByRole('button', { name: /^Conta de/ })
    .locator('visible=true')
    .click()
  await page.getByRole('menuitem', { name: 'Sair' }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  await page.goto('/orders')
  await expect(page).toHaveURL(/\/sign-in$/)

  const asked = await page.request.get('/admin/login/')
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await asked.text())?.[1] ?? ''
  const form = {
    username: 'admin',
    password: process.env.DEMO_PASSWORD ?? 'demo-password',
    csrfmiddlewaretoken: token,
  }
  await page.request.post('/admin/login/?next=/admin/', { form, headers: { Referer: asked.url() } })
  await page.goto('/orders')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})
