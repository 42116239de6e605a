import { stumbles } from './axe'
import { expect, test } from './desk'

test('the dashboard tells of a new order at once, and leads to what it shows', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(50, '999.00'), await shop.customer()]
  const page = await as('operator')
  await page.goto('/')
  const orders = page.getByRole('region', { name: 'Pedidos', exact: true })
  await expect(page.getByRole('region', { name: 'Por dia' })).toBeVisible()
  const before = Number((await orders.innerText()).split('\n').filter(Boolean)[1])
  expect(before).toBeGreaterThan(0)

  await shop.order(customer.id, product.id, 40)
  await page.reload()

  await expect(orders).toContainText(String(before + 1))
  const top = page.getByRole('region', { name: 'Mais vendidos' })
  await expect(top.getByRole('link', { name: product.name })).toContainText('R$ 39.960,00')
  await page
    .getByRole('region', { name: 'Pedidos por situação' })
    .getByRole('link', { name: /Pendente/ })
    .click()
  await expect(page).toHaveURL(/\/orders\?status=PENDENTE&from=\d{4}-\d\d-\d\d&to=/)
  await expect(page.getByText(customer.name)).toBeVisible()
})

test('charts can be pointed at, and the period is kept in the address', async ({ as }) => {
  const page = await as('viewer')
  await page.goto('/')
  const days = page.getByRole('region', { name: 'Por dia' })
  const chart = days.locator('.recharts-surface').first()
  await expect(chart).toBeVisible()
  await chart.hover()
  await expect(days.locator('.recharts-tooltip-wrapper').first()).toContainText(
    /de (janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)/,
  )

  await page.getByText('7 dias').click()
  await expect(page).toHaveURL(/from=/)
  await page.reload()
  await expect(page.getByRole('radio', { name: '7 dias' })).toBeChecked()

  await page.getByText('Outro', { exact: true }).click()
  await page.getByLabel('De', { exact: true }).fill('2020-01-01')
  await expect(page.getByText('No máximo 92 dias de uma vez.')).toBeVisible()
  await page.getByLabel('Até').fill('2020-01-31')
  await expect(page.getByText('Nenhum pedido neste período')).toBeVisible()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the other screens, ${scheme}`, async ({ as, shop }) => {
    test.slow() // Eleven screens.
    const [product, customer] = [await shop.product(9), await shop.customer()]
    await shop.order(customer.id, product.id)
    const page = await as('admin')
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    for (const address of [
      '/',
      '/customers',
      `/customers/${customer.id}`,
      '/customers/new',
      '/products',
      `/products/${product.id}`,
      '/products/new',
      '/users',
      '/account',
    ]) {
      await page.goto(address)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForLoadState('networkidle')
      await page.waitForTimeout(300)
      expect(await stumbles(page), address).toEqual([])
    }
    await page.goto(`/products/${product.id}`)
    await page.getByRole('button', { name: 'Mexer no estoque' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.waitForTimeout(300)
    expect(await stumbles(page), 'stock').toEqual([])
    await page.goto('/users')
    await page.getByRole('button', { name: 'Novo usuário' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.waitForTimeout(300)
    expect(await stumbles(page), 'user').toEqual([])
  })
}

test('on a phone no screen is wider than the phone', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(9), await shop.customer()]
  await shop.order(customer.id, product.id)
  const page = await as('manager')
  await page.setViewportSize({ width: 390, height: 844 })
  for (const address of [
    '/',
    '/customers',
    `/customers/${customer.id}`,
    '/products',
    `/products/${product.id}`,
    '/users',
    '/account',
  ]) {
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(wider, address).toBe(0)
  }
})
