import { type Shop, choose, draftOrder, expect, test, unique } from './desk'

const busy = {
  status: 429,
  headers: { 'Retry-After': '0' },
  json: { code: 'rate_limited', status: 429, title: 'Busy' },
}

/** An order of two products, to be repeated. */
async function anOldOrder(shop: Shop) {
  const [first, second, customer] = [await shop.product(90), await shop.product(90), await shop.customer()]
  const items = [first, second].map(({ id }) => ({ product_id: id, quantity: 4 }))
  const body = { customer_id: customer.id, items }
  const order = await shop.post<{ id: number }>('/orders', body, { 'Idempotency-Key': `e2e-${unique()}` })
  return { order, first, second, customer }
}

test('a repeated order waits for a busy server, and loses no line', async ({ as, shop, expected }) => {
  expected.statuses = [429]
  const { order, first, second } = await anOldOrder(shop)
  const page = await as('operator')
  let refusals = 0
  await page.route(`**/api/v1/products/${second.id}`, (route) =>
    refusals++ < 2 ? route.fulfill(busy) : route.fallback(),
  )

  await page.goto(`/orders/new?repeat=${order.id}`)

  await expect(page.getByLabel(`Quantidade de ${first.name}`)).toHaveValue('4')
  await expect(page.getByLabel(`Quantidade de ${second.name}`)).toHaveValue('4')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a repeated order of which something cannot be read is not filled in by half', async ({
  as,
  shop,
  expected,
}) => {
  expected.statuses = [500]
  const { order, first, second } = await anOldOrder(shop)
  const page = await as('operator')
  let broken = true
  await page.route(`**/api/v1/products/${second.id}`, (route) =>
    broken
      ? route.fulfill({ status: 500, json: { code: 'internal_error', status: 500, title: 'x' } })
      : route.fallback(),
  )

  await page.goto(`/orders/new?repeat=${order.id}`)
  await expect(page.getByRole('alert')).toContainText('Não foi possível ler o pedido')
  await expect(page.getByLabel(`Quantidade de ${first.name}`)).toHaveCount(0)
  broken = false
  await page.getByRole('button', { name: 'Tentar de novo' }).click()

  await expect(page.getByLabel(`Quantidade de ${second.name}`)).toHaveValue('4')
})

test('what is sold no more is left out of a repeated order, and named', async ({ as, shop, expected }) => {
  expected.statuses = [404]
  const { order, first, second } = await anOldOrder(shop)
  await shop.patch(`/products/${second.id}`, { is_active: false })
  const page = await as('operator')

  await page.goto(`/orders/new?repeat=${order.id}`)

  await expect(page.getByLabel(`Quantidade de ${first.name}`)).toHaveValue('4')
  await expect(page.getByLabel(`Quantidade de ${second.name}`)).toHaveCount(0)
  await expect(page.getByRole('alert')).toContainText(second.name)
})

test('a draft found again says which of its products are sold no more', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  await shop.patch(`/products/${product.id}`, { is_active: false })

  await page.reload()

  await expect(page.getByText('Este produto não está mais à venda.')).toBeVisible()
})

test('an unfinished draft is asked about before another order begins', async ({ as, shop }) => {
  const { order, first, customer } = await anOldOrder(shop)
  const other = await shop.customer()
  const page = await as('operator')
  await page.goto('/orders/new')
  await choose(page, 'Cliente', other.name)

  await page.goto(`/orders/new?repeat=${order.id}`)
  const question = page.getByRole('dialog', { name: 'Há um rascunho por terminar' })
  await expect(question).toContainText(other.name)
  await question.getByRole('button', { name: 'Continuar o rascunho' }).click()
  await expect(page.getByRole('combobox', { name: 'Cliente' })).toHaveValue(other.name)

  await page.goto(`/orders/new?customer=${customer.id}`)
  await question.getByRole('button', { name: 'Começar este pedido' }).click()
  await expect(page.getByRole('combobox', { name: 'Cliente' })).toHaveValue(customer.name)
  await expect(page.getByLabel(`Quantidade de ${first.name}`)).toHaveCount(0)

  await page.reload() // The order that was begun is the draft now: no question.
  await expect(page.getByRole('combobox', { name: 'Cliente' })).toHaveValue(customer.name)
  await expect(question).toHaveCount(0)
})
