import { type Page, draftOrder, expect, signIn, test } from './desk'

const CREATE = '**/api/v1/orders'

test('a double click makes one order', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])

  await page.getByRole('button', { name: /Criar pedido/ }).dblclick()

  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect(await shop.ordersOf(customer.id)).toHaveLength(1)
})

test('a reload between question and answer makes one order', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  const keys: (string | undefined)[] = []
  let answered = false
  await page.route(CREATE, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    keys.push(route.request().headers()['idempotency-key'])
    if (keys.length > 1) return route.fallback()
    await route.fetch() // The server makes the order; its answer never reaches the page.
    answered = true
  })

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect.poll(() => answered).toBe(true)
  await page.reload()

  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect(new Set(keys).size).toBe(1)
  expect(keys.length).toBeGreaterThan(1)
  expect(await shop.ordersOf(customer.id)).toHaveLength(1)
})

test('a lost answer is asked for again with the same key', async ({ as, shop, expected }) => {
  expected.offline = true
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  let lost = 0
  await page.route(CREATE, async (route) => {
    if (route.request().method() !== 'POST' || lost >= 4) return route.fallback()
    lost++
    await route.fetch()
    await route.abort('connectionreset')
  })

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('A resposta do servidor não chegou')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByLabel(`Quantidade de ${product.name}`)).toBeDisabled()
  expect(lost).toBe(4)
  await page.getByRole('button', { name: 'Tentar de novo' }).first().click()

  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect(await shop.ordersOf(customer.id)).toHaveLength(1)
})

test('a session that ended is begun again, and the order goes on by itself', async ({
  as,
  shop,
  context,
  expected,
}) => {
  expected.statuses = [401]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  await context.clearCookies({ name: 'sessionid' })

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('Sua sessão terminou')).toBeVisible()
  await expect(page.getByText('O pedido ainda não foi gravado')).toBeVisible()
  await expect(page.getByText('Pode ser que o pedido já tenha sido gravado')).toHaveCount(0)
  await signIn(page, 'operator')

  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect(await shop.ordersOf(customer.id)).toHaveLength(1)
})

/** The first attempt makes the order and its answer is lost; each later one is refused so, while `refused.on`. */
async function loseThenRefuse(page: Page, status: number, code: string): Promise<{ on: boolean }> {
  const refused = { on: true }
  let sent = 0
  await page.route(CREATE, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    if (sent++ > 0) {
      return refused.on ? route.fulfill({ status, json: { code, status, title: '', detail: '' } }) : route.fallback()
    }
    await route.fetch()
    await route.abort('connectionreset')
  })
  return refused
}

test('a role withdrawn after a lost answer does not tell that there is no order', async ({ as, shop, expected }) => {
  expected.offline = true
  expected.statuses = [403]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  const refused = await loseThenRefuse(page, 403, 'permission_denied')

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('Pode ser que o pedido já tenha sido gravado')).toBeVisible()
  await expect(page.getByLabel(`Quantidade de ${product.name}`)).toBeDisabled()
  await page.getByRole('button', { name: 'Descartar' }).click()
  await expect(page.getByRole('dialog')).toContainText('pode ter sido gravado')
  await page.getByRole('dialog').getByRole('button', { name: 'Voltar' }).click()

  refused.on = false
  await page.getByRole('button', { name: 'Tentar de novo' }).first().click()
  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect(await shop.ordersOf(customer.id)).toHaveLength(1)
})

test('a session that ends after a lost answer is no reason to say that nothing was saved', async ({
  as,
  shop,
  expected,
}) => {
  expected.offline = true
  expected.statuses = [401]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  await loseThenRefuse(page, 401, 'not_authenticated')

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('Sua sessão terminou')).toBeVisible()
  await expect(page.getByText('Pode ser que o pedido já tenha sido gravado')).toBeVisible()
})

test('a server that asks to wait is waited for, and the form says so', async ({ as, shop, expected }) => {
  expected.statuses = [429]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  let sent = 0
  await page.route(CREATE, (route) => {
    if (route.request().method() !== 'POST' || sent++ > 0) return route.fallback()
    const json = { code: 'rate_limited', status: 429, title: '', detail: '' }
    return route.fulfill({ status: 429, headers: { 'Retry-After': '4' }, json })
  })

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('O servidor pediu para esperar')).toBeVisible()
  await expect(page.getByText('enviado de novo, sozinho, em cerca de 4 s')).toBeVisible()
  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect(await shop.ordersOf(customer.id)).toHaveLength(1)
})

test('a draft survives the reload; another tab begins its own', async ({ as, shop, context }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 7]])

  await page.reload()
  await expect(page.getByLabel(`Quantidade de ${product.name}`)).toHaveValue('7')
  const other = await context.newPage()
  await other.goto('/orders/new')
  await expect(other.getByRole('combobox', { name: 'Cliente' })).toHaveValue('')
})

test('a shortage stands on its line, and the order takes what there is', async ({ as, shop, expected }) => {
  expected.statuses = [409]
  const [scarce, plenty, customer] = [await shop.product(5), await shop.product(50), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [
    [scarce.name, 4],
    [plenty.name, 6],
  ])
  await shop.order(customer.id, scarce.id, 3) // Somebody is faster.

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('Falta estoque para este pedido')).toBeVisible()
  await expect(page.getByText('Só 2 em estoque; o pedido quer 4.')).toBeVisible()
  await page.getByRole('button', { name: 'Levar 2' }).click()
  await expect(page.getByText('Falta estoque para este pedido')).toBeHidden()
  await page.getByRole('button', { name: /Criar pedido/ }).click()

  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect((await shop.ordersOf(customer.id)).map((order) => order.total)).toEqual(['80.00', '30.00'])
})

test('a changed price is shown and asked about', async ({ as, shop, expected }) => {
  expected.statuses = [409]
  const [product, customer] = [await shop.product(10, '10.00'), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  await shop.patch(`/products/${product.id}`, { price: '12.50' })

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('O preço mudou')
  await expect(dialog.getByRole('row').last()).toContainText('R$ 12,50')
  expect(await shop.ordersOf(customer.id)).toHaveLength(0)
  await dialog.getByRole('button', { name: 'Aceitar e criar pedido' }).click()

  await expect(page).toHaveURL(/\/orders\/\d+$/)
  expect((await shop.ordersOf(customer.id)).map((order) => order.total)).toEqual(['25.00'])
})

test('a product that was taken from sale meanwhile is said on its line', async ({ as, shop, expected }) => {
  expected.statuses = [409]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  await shop.patch(`/products/${product.id}`, { is_active: false })

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('Este produto não está mais à venda.')).toBeVisible()
  await page.getByRole('button', { name: 'Tirar do pedido' }).click()
  await expect(page.getByLabel(`Quantidade de ${product.name}`)).toHaveCount(0)
})

test('of two tabs, the slower is shown both versions and overwrites nothing', async ({
  as,
  shop,
  context,
  expected,
}) => {
  expected.statuses = [412]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const order = await shop.order(customer.id, product.id)
  const first = await as('manager')
  const second = await context.newPage()
  for (const page of [first, second]) {
    await page.goto(`/orders/${order.id}`)
    await expect(page.getByRole('button', { name: 'Confirmar' })).toBeEnabled()
  }

  await first.getByRole('button', { name: 'Confirmar' }).click()
  await expect(first.locator('span[data-size=lg]')).toHaveText('Confirmado')
  await second.getByRole('button', { name: 'Cancelar pedido' }).click()
  await second.getByLabel('Motivo do cancelamento').fill('Engano')
  await second.getByRole('dialog').getByRole('button', { name: 'Cancelar pedido' }).click()

  const dialog = second.getByRole('dialog', { name: 'Este pedido mudou enquanto você olhava' })
  await expect(dialog.getByRole('region', { name: 'Você via' })).toContainText('Pendente')
  await expect(dialog.getByRole('region', { name: 'Está agora' })).toContainText('Confirmado')
  await expect(dialog.getByRole('region', { name: 'Está agora' })).toContainText('por manager')
  await dialog.getByRole('button', { name: 'Ver como está agora' }).click()
  await expect(second.getByRole('button', { name: 'Marcar como separado' })).toBeVisible()
  expect(await shop.get(`/orders/${order.id}`)).toMatchObject({ status: 'CONFIRMADO' })
})

test('a double click on a move makes one move', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const order = await shop.order(customer.id, product.id)
  const page = await as('operator')
  await page.goto(`/orders/${order.id}`)

  await page.getByRole('button', { name: 'Confirmar' }).dblclick()

  await expect(page.getByRole('button', { name: 'Marcar como separado' })).toBeEnabled()
  expect(await shop.get(`/orders/${order.id}`)).toMatchObject({ status: 'CONFIRMADO' })
})
