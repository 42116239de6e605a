import { type Page, expect, signIn, test } from './desk'

/** Changes what the server says of accounts, so that no superuser need be made for it. */
async function says(page: Page, address: string, change: (body: never) => object): Promise<void> {
  await page.route(address, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: change((await response.json()) as never) })
  })
}

test('an account of a superuser names who may change it', async ({ as }) => {
  const page = await as('admin')
  await says(page, '**/api/v1/auth/me', (me: object) => ({ ...me, is_superuser: false }))
  await says(page, '**/api/v1/users?*', (list: { results: { username: string }[] }) => ({
    ...list,
    results: list.results.map((user) => (user.username === 'viewer' ? { ...user, is_superuser: true } : user)),
  }))
  await page.goto('/users?search=viewer')
  await expect(page.getByRole('img', { name: 'Só um superusuário pode mudar esta conta.' })).toHaveCount(1)
  await expect(page.getByRole('img', { name: 'Só a administração' })).toHaveCount(0)
})

for (const [is_superuser, name] of [
  [true, 'Superusuário'],
  [false, 'Sem perfil'],
] as const) {
  test(`who has no role is called what they are: ${name}`, async ({ as }) => {
    const page = await as('viewer')
    await says(page, '**/api/v1/auth/me', (me: object) => ({ ...me, roles: [], is_superuser }))
    await page.goto('/orders')
    await expect(page.getByRole('button', { name: /^Conta de/ }).first()).toContainText(name)
    await expect(page.getByText(/papel/i)).toHaveCount(0)
  })
}

test('a page older than the last sign-in is to be loaded again', async ({ as, expected }) => {
  expected.statuses = [403]
  const page = await as('manager')
  await page.route('**/api/v1/customers', (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    const json = { code: 'csrf_failed', status: 403, title: 'Pedido sem prova', detail: 'Envie o csrf_token' }
    return route.fulfill({ status: 403, json })
  })
  await page.goto('/customers/new')
  await page.getByLabel('Nome').fill('Padaria')
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  await expect(page.getByRole('alert')).toContainText('Recarregue-a e tente de novo')
  await expect(page.getByText('csrf_token')).toHaveCount(0)
})

test('the eye of a password is named in the language of the screen', async ({ page }) => {
  await page.goto('/account')
  await expect(page.locator('button[aria-label="Mostrar ou ocultar a senha"]')).toHaveCount(1)
  await signIn(page, 'viewer')
  await expect(page.locator('button[aria-label="Mostrar ou ocultar a senha"]')).toHaveCount(3)
  await expect(page.locator('[aria-label*="visibility"]')).toHaveCount(0)
})

test('amounts are hinted at as the language writes them', async ({ as }) => {
  const page = await as('operator')
  await page.addInitScript(() => localStorage.setItem('order-desk.language', 'en'))
  await page.goto('/orders/new')
  await expect(page.getByLabel('Freight')).toHaveAttribute('placeholder', '0.00')
})
