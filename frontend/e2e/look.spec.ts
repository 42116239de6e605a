import { stumbles } from './axe'
import { type Page, draftOrder, expect, test } from './desk'

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
