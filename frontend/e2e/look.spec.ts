import { stumbles } from './axe'
import { type Page, type Shop, draftOrder, expect, test, unique } from './desk'

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious, ${scheme}`, async ({ as, shop, expected, page: nobody }) => {
    test.slow() // Eight walks with axe.
    expected.statuses = [409]
    const [product, customer] = [await shop.product(3), await shop.customer()]
    const order = await shop.order(customer.id, product.id)
    await nobody.emulateMedia({ colorScheme: scheme })
    await nobody.goto('/sign-in')
    await expect(nobody.getByRole('button', { name: 'Entrar' })).toBeVisible()
    expect(await stumbles(nobody), 'sign-in').toEqual([])

    const page = await as('admin')
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await page.goto('/orders')
    await expect(page.getByRole('row').nth(3)).toBeVisible()
    expect(await stumbles(page), 'list').toEqual([])

    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.waitForTimeout(300)
    expect(await stumbles(page), 'help').toEqual([])

    await page.goto(`/orders/${order.id}`)
    await expect(page.getByRole('button', { name: 'Confirmar' })).toBeVisible()
    expect(await stumbles(page), 'order').toEqual([])
    await page.getByRole('button', { name: 'Cancelar pedido' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.waitForTimeout(300)
    expect(await stumbles(page), 'cancelling').toEqual([])

    await page.goto(`/orders/${order.id}/picking`)
    await expect(page.getByRole('table')).toBeVisible()
    expect(await stumbles(page), 'picking list').toEqual([])

    await draftOrder(page, customer.name, [[product.name, 9]])
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText('Falta estoque para este pedido')).toBeVisible()
    expect(await stumbles(page), 'new order').toEqual([])
    await page.getByRole('combobox', { name: 'Adicionar produto' }).fill('a')
    await expect(page.getByRole('option').first()).toBeVisible()
    await page.waitForTimeout(300)
    expect(await stumbles(page), 'suggestions').toEqual([])
  })
}

test('the language is switched at once and kept; what the server says follows', async ({ as, shop, expected }) => {
  expected.statuses = [404]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const order = await shop.order(customer.id, product.id)
  const page = await as('operator')
  await page.goto(`/orders/${order.id}`)
  await expect(page.getByText('R$ 10,00').first()).toBeVisible()

  await page.getByRole('button', { name: 'English' }).locator('visible=true').click()
  await expect(page.getByRole('button', { name: 'Confirm' })).toBeVisible()
  await expect(page.getByText('R$10.00').first()).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Confirm' })).toBeVisible()
  const asked = page.waitForRequest('**/api/v1/orders?*')
  await page.goto('/orders')
  expect((await asked).headers()['accept-language']).toBe('en')
  await page.goto('/orders/999999999')
  await expect(page.getByText('Page not found')).toBeVisible()
  await page.getByRole('button', { name: 'Português' }).locator('visible=true').click()
  await expect(page.getByText('Página não encontrada')).toBeVisible()
})

test('dark and light are chosen and kept', async ({ as }) => {
  const page = await as('viewer')
  await page.goto('/orders')
  await page.getByRole('button', { name: 'Usar tema escuro' }).locator('visible=true').click()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })

  test('an order is taken and followed without scrolling sideways', async ({ as, shop }) => {
    const [product, customer] = [await shop.product(1000, '1234.56'), await shop.customer()]
    const page = await as('operator')

    await page.goto('/orders')
    await expect(page.getByRole('link', { name: /PED-/ }).first()).toBeVisible()
    expect(await sideways(page)).toBe(0)
    await page.getByRole('link', { name: 'Novo pedido' }).click()
    await draftOrder(page, customer.name, [[product.name, 999]])
    expect(await sideways(page)).toBe(0)
    await page.getByRole('button', { name: /Criar pedido/ }).click()
    await expect(page).toHaveURL(/\/orders\/\d+$/)
    await page.getByRole('button', { name: 'Confirmar' }).click()
    await expect(page.locator('span[data-size=lg]')).toHaveText('Confirmado')
    expect(await sideways(page)).toBe(0)
    await page.getByRole('link', { name: 'Lista de separação' }).click()
    await expect(page.getByRole('table')).toBeVisible()
    expect(await sideways(page)).toBe(0)
  })

  test('a word without end breaks', async ({ as, shop }) => {
    await walkLong(await as('manager'), shop)
  })
})

const LONG = 'Supercalifragilistico'.repeat(9)

/** Every screen that shows a name, with one that has no place to break. */
async function walkLong(page: Page, shop: Shop): Promise<void> {
  const sku = `${'L'.repeat(50)}-${unique().toUpperCase()}`
  const product = await shop.post<{ id: number }>('/products', {
    sku,
    name: LONG,
    price: '9999999999.99',
    on_hand: 9,
  })
  const customer = await shop.post<{ id: number }>('/customers', { name: LONG, address: { city: 'C'.repeat(90) } })
  const items = [{ product_id: product.id, quantity: 1 }]
  const body = { customer_id: customer.id, items, notes: 'N'.repeat(200) }
  const order = await shop.post<{ id: number }>('/orders', body, { 'Idempotency-Key': `e2e-${sku}` })
  for (const address of [
    `/orders/${order.id}`,
    `/orders/${order.id}/picking`,
    `/orders/new?repeat=${order.id}`,
    `/customers/${customer.id}`,
    `/products/${product.id}`,
    `/orders?customer=${customer.id}`,
    `/customers?search=${LONG}`,
    `/products?search=${LONG}`,
  ]) {
    await page.goto(address)
    await expect(page.getByText(LONG).locator('visible=true').first()).toBeVisible()
    expect(await sideways(page), address).toBe(0)
    for (const table of await page.getByRole('table').all()) {
      const [inner, outer] = [await table.boundingBox(), await page.locator('main').last().boundingBox()]
      expect((inner?.x ?? 0) + (inner?.width ?? 0), address).toBeLessThanOrEqual(
        (outer?.x ?? 0) + (outer?.width ?? 0) + 1,
      )
    }
  }
}

test('a word without end pushes no column out of sight', async ({ as, shop }) => {
  await walkLong(await as('manager'), shop)
})

test('ten millions stay within their card, on a phone', async ({ as }) => {
  const page = await as('manager')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.route('**/api/v1/dashboard*', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...((await response.json()) as object), revenue: '98765432109.87' } })
  })
  await page.goto('/')
  const card = page.getByRole('region', { name: 'Receita' })
  await expect(card).toContainText('98.765.432.109,87')
  const [inside, width] = await card.evaluate((node) => [node.scrollWidth, node.clientWidth])
  expect(inside).toBeLessThanOrEqual(width ?? 0)
})

test('an address that was mistyped leads to the list, not to an error', async ({ as }) => {
  const page = await as('admin')
  for (const address of [
    '/orders?from=abc',
    '/orders?to=2026-13-45',
    '/orders?sort=constructor',
    '/products?sort=constructor&activity=toString',
    '/customers?sort=constructor&activity=toString&state=XX1',
    '/users?activity=constructor',
  ]) {
    await page.goto(address)
    await expect(page.getByRole('row').nth(1), address).toBeVisible()
  }
})

test('shortcuts rest while somebody types', async ({ as }) => {
  const page = await as('operator')
  await page.goto('/orders')
  await page.getByRole('searchbox').fill('')
  await page.getByRole('searchbox').pressSequentially('n?/')
  await expect(page.getByRole('searchbox')).toHaveValue('n?/')
  await expect(page).not.toHaveURL(/new/)
  await page.getByRole('heading', { name: 'Pedidos' }).click()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Atalhos do teclado' })).toBeVisible()
})

test('the first load is small: at most 250 kB of script, compressed', async ({ as, context }) => {
  const page = await as('viewer')
  const client = await context.newCDPSession(page)
  await client.send('Network.enable')
  const scripts = new Set<string>()
  let bytes = 0
  client.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId))
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await page.goto('/orders')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes / 1000).toBeLessThan(250)
})
