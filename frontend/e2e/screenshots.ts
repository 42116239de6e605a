import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Page, choose, expect, test } from './desk'

const IMAGES = new URL('../../docs/images/', import.meta.url)
const MOST = 150_000 // bytes: what a README may cost

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(900) // Charts draw themselves in.
  const path = fileURLToPath(new URL(`${name}.png`, IMAGES))
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  expect(statSync(path).size, `${name}.png`).toBeLessThan(MOST)
}

/** A caller wants more than there is. */
async function takeOrder(page: Page): Promise<void> {
  await page.goto('/orders/new')
  await choose(page, 'Cliente', 'Padaria')
  for (const [product, quantity] of [
    ['Café moído', '24'],
    ['Filtro de papel', '40'],
    ['Cafeteira', '8'],
  ] as const) {
    await choose(page, 'Adicionar produto', product)
    await expect(page.getByLabel(/^Quantidade de/).last()).toBeFocused()
    await page.keyboard.type(quantity)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('combobox', { name: 'Adicionar produto' })).toBeFocused()
  }
  await page.getByLabel('Frete').fill('38')
  await page.getByLabel('Observações').fill('Entregar antes das 7h')
}

test('desktop', async ({ as, page: nobody }) => {
  await nobody.goto('/sign-in')
  await picture(nobody, 'sign-in')
  const page = await as('manager')
  await page.goto('/')
  await picture(page, 'dashboard')
  await page.goto('/orders')
  await picture(page, 'orders')
  await takeOrder(page)
  await picture(page, 'new-order')
  await page.goto('/orders/27')
  await picture(page, 'order')
  await page.goto('/orders/27/picking')
  await picture(page, 'picking-list')
  await page.goto('/customers/1')
  await picture(page, 'customer')
  await page.goto('/products')
  await picture(page, 'products')
  await page.goto('/products/1')
  await picture(page, 'product')
})

test('dark', async ({ as }) => {
  const page = await as('manager')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto('/')
  await picture(page, 'dashboard-dark')
  await page.goto('/orders/25')
  await picture(page, 'order-dark')
})

test.describe('phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('phone', async ({ as }) => {
    const page = await as('operator')
    await page.goto('/orders')
    await picture(page, 'phone-orders')
    await takeOrder(page)
    await page.evaluate(() => window.scrollTo(0, 0))
    await picture(page, 'phone-new-order')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto('/orders/27')
    await picture(page, 'phone-order-dark')
  })
})
