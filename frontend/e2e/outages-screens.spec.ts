import { expect, test } from './desk'

test('a screen that was never opened waits for the connection', async ({ as, context, expected }) => {
  expected.offline = true
  const page = await as('viewer')
  await page.goto('/orders')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await context.setOffline(true)
  await page.getByRole('link', { name: 'Produtos' }).first().click()
  await expect(page.getByText('Você está sem conexão')).toBeVisible()
  await page.waitForTimeout(500)
  await expect(page.getByText('A tela encontrou um erro')).toHaveCount(0)
  await context.setOffline(false)
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})

for (const [how, files] of [
  ['all of it', '**/*'],
  ['style sheets', '**/*.css'],
] as const) {
  test(`a screen that was never opened is tried again when the server was away: ${how}`, async ({
    as,
    context,
    expected,
  }) => {
    expected.offline = true
    expected.statuses = [503]
    const page = await as('viewer')
    await page.goto('/orders')
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await context.route(files, (route) => route.abort('connectionrefused'))
    await page.getByRole('link', { name: 'Painel' }).first().click()
    await expect(page.getByText('O servidor não respondeu')).toBeVisible()
    await expect(page.getByText('A tela encontrou um erro')).toHaveCount(0)
    await page.getByRole('button', { name: 'Tentar de novo' }).click()
    await expect(page.getByText('O servidor não respondeu')).toBeVisible()

    await context.unroute(files)
    await page.getByRole('button', { name: 'Tentar de novo' }).click()
    await expect(page.getByText('Pedidos por situação')).toBeVisible()
    const sheets = () => Array.from(document.styleSheets, ({ href }) => href ?? '')
    expect((await page.evaluate(sheets)).some((href) => href.includes('DashboardPage'))).toBe(true)
  })
}

test('a screen whose files a deploy took away comes with a new page', async ({ as, context, expected }) => {
  expected.statuses = [404]
  const page = await as('viewer')
  await page.goto('/orders')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await context.route('**/assets/ProductsPage-*.js', (route) => route.fulfill({ status: 404, body: '' }))
  await page.getByRole('link', { name: 'Produtos' }).first().click()
  await expect(page.getByText('O servidor não respondeu')).toBeVisible()
  const fresh = page.waitForEvent('load')
  await page.getByRole('button', { name: 'Tentar de novo' }).click()
  await fresh
  await context.unroute('**/assets/ProductsPage-*.js')
  await expect(page).toHaveURL(/\/products$/)
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})
