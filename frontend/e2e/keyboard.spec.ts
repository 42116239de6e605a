import { draftOrder, expect, test } from './desk'

test('shortcuts work after a filter was chosen with the mouse', async ({ as }) => {
  const page = await as('operator')
  await page.goto('/products')
  await page.getByText('Estoque baixo').first().click()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await page.goto('/orders')
  await page.getByText('Pendente', { exact: true }).first().click()
  await page.keyboard.press('n')
  await expect(page).toHaveURL(/\/orders\/new$/)
})

test('after a shortage the cursor stands in the line that is short', async ({ as, shop, expected }) => {
  expected.statuses = [409]
  const [plenty, scarce, customer] = [await shop.product(50), await shop.product(5), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [
    [plenty.name, 6],
    [scarce.name, 9],
  ])

  await page.keyboard.press('Control+Enter')

  await expect(page.getByText('Falta estoque para este pedido')).toBeVisible()
  await expect(page.getByLabel(`Quantidade de ${scarce.name}`)).toBeFocused()
})

test('what was said of one line is not said of the next when that one goes', async ({ as, shop, expected }) => {
  expected.statuses = [400]
  const [first, second, customer] = [await shop.product(50), await shop.product(50), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [
    [first.name, 2],
    [second.name, 3],
  ])
  const errors = [{ pointer: '/items/0/quantity', code: 'invalid', detail: 'Quantidade estranha.' }]
  await page.route('**/api/v1/orders', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 400, json: { code: 'validation_error', status: 400, title: 'Wrong', errors } })
      : route.fallback(),
  )
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Quantidade estranha.')).toBeVisible()
  await expect(page.getByLabel(`Quantidade de ${first.name}`)).toBeFocused()

  await page.keyboard.type('7')
  await expect(page.getByText('Quantidade estranha.')).toHaveCount(0)
  await page.getByRole('button', { name: `Remover ${first.name}` }).click()
  await expect(page.getByLabel(`Quantidade de ${second.name}`)).toBeVisible()
  await expect(page.getByText('Quantidade estranha.')).toHaveCount(0)
})
