import { type Page, draftOrder, expect, test, unique } from './desk'

const BROKEN = { status: 500, json: { code: 'internal_error', status: 500, title: 'Erro interno', detail: '' } }

/** As when somebody comes back to the tab: what is old is asked for again. */
async function comeBack(page: Page): Promise<void> {
  await page.clock.fastForward(10 * 60_000)
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
}

test('a draft whose answer was lost is not thrown away as if nothing had been saved', async ({
  as,
  shop,
  expected,
}) => {
  expected.statuses = [500]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')
  await draftOrder(page, customer.name, [[product.name, 2]])
  await page.route('**/api/v1/orders', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    await route.fetch()
    await route.fulfill(BROKEN)
  })

  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('A resposta do servidor não chegou')).toBeVisible()
  await page.getByRole('button', { name: 'Descartar' }).click()

  const question = page.getByRole('dialog')
  await expect(question).not.toContainText('Nada foi gravado')
  await expect(question).toContainText('pode ter sido gravado')
  await question.getByRole('link', { name: 'Ver os pedidos do cliente' }).click()
  await expect(page.getByRole('row')).toHaveCount(2) // The head and the order.
})

test('a list keeps its rows when more of it, or a newer one, does not come', async ({ as, expected }) => {
  expected.statuses = [500]
  const page = await as('operator')
  await page.goto('/orders')
  await expect(page.getByRole('row').nth(29)).toBeVisible()
  let asked = 0
  let broken = true
  await page.route('**/api/v1/orders?*', (route) => {
    asked++
    return broken ? route.fulfill(BROKEN) : route.fallback()
  })

  await page.mouse.wheel(0, 20_000)
  await expect(page.getByRole('alert')).toContainText('Erro interno')
  await expect(page.getByRole('row').nth(29)).toBeAttached()
  await page.waitForTimeout(1000)
  expect(asked).toBe(1)
  broken = false
  await page.getByRole('alert').getByRole('button', { name: 'Tentar de novo' }).click()

  await expect(page.getByRole('row').nth(35)).toBeAttached()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

for (const [address, calls, shown] of [
  ['/', '**/api/v1/dashboard*', 'Pedidos por situação'],
  ['/products/1', '**/api/v1/products/**', 'Movimentação do estoque'],
  ['/orders/1/picking', '**/api/v1/orders/1', 'Lista de separação'],
] as const) {
  test(`what is on the screen stays when a refresh fails: ${address}`, async ({ as, expected }) => {
    expected.statuses = [500]
    const page = await as('manager')
    await page.clock.install()
    await page.goto(address)
    await expect(page.getByText(shown).first()).toBeVisible()
    await page.route(calls, (route) => route.fulfill(BROKEN))
    const refused = page.waitForResponse((response) => response.status() === 500)
    await comeBack(page)
    await refused

    await page.waitForTimeout(1000)
    await expect(page.getByText(shown).first()).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Erro interno' })).toHaveCount(0)
  })
}

test('who is signed in stays so when the server cannot tell for a moment', async ({ as, expected }) => {
  expected.statuses = [500]
  const page = await as('manager')
  await page.clock.install()
  await page.goto('/customers/new')
  await page.getByLabel('Nome').fill('Padaria')
  await page.route('**/api/v1/auth/me', (route) => route.fulfill(BROKEN))
  const refused = page.waitForResponse('**/api/v1/auth/me')
  await comeBack(page)
  await refused

  await page.waitForTimeout(300)
  await expect(page.getByLabel('Nome')).toHaveValue('Padaria')
})

test('a move that fails keeps its dialog, and what was typed there', async ({ as, shop, expected }) => {
  expected.statuses = [500]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const order = await shop.order(customer.id, product.id)
  const page = await as('manager')
  await page.route('**/status', (route) => route.fulfill(BROKEN))
  await page.goto(`/orders/${order.id}`)
  await page.getByRole('button', { name: 'Cancelar pedido' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Motivo do cancelamento').fill('Cliente desistiu')
  await dialog.getByRole('button', { name: 'Cancelar pedido' }).click()
  await expect(page.getByText('Erro interno')).toBeVisible()
  await page.waitForTimeout(400)
  await expect(dialog.getByLabel('Motivo do cancelamento')).toHaveValue('Cliente desistiu')

  await page.unroute('**/status')
  await dialog.getByRole('button', { name: 'Cancelar pedido' }).click()
  await expect(page.locator('span[data-size=lg]')).toHaveText('Cancelado')
  await expect(dialog).toHaveCount(0)
})

test('a receipt whose answer was lost is not counted twice', async ({ as, shop, expected }) => {
  expected.offline = true
  expected.statuses = [412]
  const product = await shop.product(10)
  const page = await as('manager')
  let sent = 0
  await page.route('**/stock', async (route) => {
    if (sent++ > 0) return route.fallback()
    await route.fetch() // The server counts it; the answer never reaches the page.
    await route.abort('connectionreset')
  })
  await page.goto(`/products/${product.id}`)
  await page.getByRole('button', { name: 'Mexer no estoque' }).click()
  await page.getByLabel('Quantos chegaram').fill('100')
  await page.getByLabel('Motivo').fill('Nota fiscal 1')
  await page.getByRole('button', { name: 'Registrar' }).click()

  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('agora são 110')
  expect(await shop.get(`/products/${product.id}`)).toMatchObject({ on_hand: 110 })
})

test('a receipt that is repeated into the unknown is not added to what nobody saw', async ({
  as,
  shop,
  expected,
}) => {
  expected.offline = true
  expected.statuses = [412, 503]
  const product = await shop.product(10)
  const page = await as('manager')
  let sent = 0
  await page.route('**/stock', async (route) => {
    if (sent++ > 0) return route.fallback()
    await route.fulfill({
      status: 503,
      json: { code: 'temporarily_unavailable', status: 503, title: '', detail: '' },
    })
  })
  await page.goto(`/products/${product.id}`)
  await page.getByRole('button', { name: 'Mexer no estoque' }).click()
  await page.getByLabel('Quantos chegaram').fill('5')
  await page.getByLabel('Motivo').fill('Nota fiscal 1')
  await page.getByRole('button', { name: 'Registrar' }).click()
  await expect.poll(() => sent).toBe(1)
  await page.waitForResponse(`**/products/${product.id}`)
  await shop.patch(`/products/${product.id}/stock`, { delta: 5, reason: 'Nota fiscal 1' }) // It was on its way.
  await page.getByRole('button', { name: 'Registrar' }).click()

  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('eram 10, agora são 15')
  expect(await shop.get(`/products/${product.id}`)).toMatchObject({ on_hand: 15 })
})

/** The server does what the next write asks; its answer never reaches the page. */
async function loseAnswer(page: Page, address: string): Promise<void> {
  let lost = false
  await page.route(address, async (route) => {
    if (lost || route.request().method() !== 'POST') return route.fallback()
    lost = true
    await route.fetch()
    await route.abort('connectionreset')
  })
}

test('a new customer whose answer was lost is looked for before it is sent again', async ({ as, shop, expected }) => {
  expected.offline = true
  const name = `Cliente ${unique()}`
  const page = await as('manager')
  await loseAnswer(page, '**/api/v1/customers')
  await page.goto('/customers/new')
  await page.getByLabel('Nome').fill(name)
  await page.getByLabel('Cidade').fill('Olinda')
  await page.getByRole('button', { name: 'Salvar cliente' }).click()

  const notice = page.getByRole('alert')
  await expect(notice).toContainText('O cadastro pode já ter sido gravado')
  await expect(notice.getByRole('link', { name })).toContainText('Olinda')
  await expect(page.getByText('Não deu certo')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Salvar cliente' })).toBeDisabled()
  await page.getByLabel('Nome').press('Enter')
  await page.waitForTimeout(500)
  expect((await shop.get<{ results: [] }>(`/customers?name=${name}`)).results).toHaveLength(1)
  await notice.getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
})

test('a new customer that did not arrive is sent again by who has looked', async ({ as, shop, expected }) => {
  expected.offline = true
  const name = `Cliente ${unique()}`
  const page = await as('manager')
  let sent = 0
  await page.route('**/api/v1/customers', (route) =>
    route.request().method() === 'POST' && sent++ === 0 ? route.abort('connectionreset') : route.fallback(),
  )
  await page.goto('/customers/new')
  await page.getByLabel('Nome').fill(name)
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  await expect(page.getByRole('alert')).toContainText(`nenhum cadastro com “${name}”`)
  await page.getByRole('button', { name: 'Já conferi: salvar de novo' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  expect((await shop.get<{ results: [] }>(`/customers?name=${name}`)).results).toHaveLength(1)
})

test('a new product whose answer was lost is shown when its SKU is taken', async ({ as, expected }) => {
  expected.offline = true
  expected.statuses = [409]
  const sku = `E2E-${unique().toUpperCase()}`
  const page = await as('manager')
  await loseAnswer(page, '**/api/v1/products')
  await page.goto('/products/new')
  await page.getByLabel('SKU').fill(sku)
  await page.getByLabel('Nome').fill(`Produto ${sku}`)
  await page.getByLabel('Preço').fill('5')
  await page.getByRole('button', { name: 'Salvar produto' }).click()
  const notice = page.getByRole('alert').filter({ hasText: 'pode já ter sido gravado' })
  await expect(notice.getByRole('link', { name: sku })).toBeVisible()

  await page.getByRole('button', { name: 'Já conferi: salvar de novo' }).click()
  await expect(page.getByLabel('SKU')).toHaveAttribute('aria-invalid', 'true')
  await expect(notice).toContainText('Se é o que você acabou de enviar')
  await notice.getByRole('link', { name: sku }).click()
  await expect(page.getByRole('heading', { name: `Produto ${sku}` })).toBeVisible()
})

test('what is sold meanwhile does not stop a receipt', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('manager')
  await page.goto(`/products/${product.id}`)
  await page.getByRole('button', { name: 'Mexer no estoque' }).click()
  await page.getByLabel('Quantos chegaram').fill('5')
  await page.getByLabel('Motivo').fill('Nota fiscal 1')
  await shop.order(customer.id, product.id, 3)
  await page.getByRole('button', { name: 'Registrar' }).click()

  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(await shop.get(`/products/${product.id}`)).toMatchObject({ on_hand: 15, reserved: 3 })
})

test('a picking list is not printed without its address in silence', async ({ as, shop, expected }) => {
  expected.statuses = [503]
  const [product, customer] = [await shop.product(10), await shop.customer()]
  await shop.patch(`/customers/${customer.id}`, { address: { street: 'Rua Augusta', city: 'Olinda' } })
  const order = await shop.order(customer.id, product.id)
  const page = await as('operator')
  let refusals = 0
  let least = 2
  await page.route(`**/api/v1/customers/${customer.id}`, (route) =>
    refusals++ < least
      ? route.fulfill({ status: 503, json: { code: 'temporarily_unavailable', status: 503, title: '', detail: '' } })
      : route.fallback(),
  )
  await page.goto(`/orders/${order.id}/picking`)
  await expect(page.getByText(product.name)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Imprimir' })).toBeDisabled()
  await expect(page.getByText('Rua Augusta')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Imprimir' })).toBeEnabled()

  least = Infinity
  await page.reload()
  await expect(page.getByRole('alert')).toContainText('temporariamente indisponível', { timeout: 20_000 })
  await expect(page.getByText('O endereço não pôde ser lido')).toBeVisible()
  least = 0
  await page.getByRole('button', { name: 'Tentar de novo' }).click()
  await expect(page.getByText('Rua Augusta')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a deleted customer has no address, and the list is printed without', async ({ as, expected }) => {
  expected.statuses = [404]
  const page = await as('operator')
  await page.route('**/api/v1/customers/*', (route) =>
    route.fulfill({ status: 404, json: { code: 'not_found', status: 404, title: '', detail: '' } }),
  )
  await page.goto('/orders/1/picking')
  await expect(page.getByRole('button', { name: 'Imprimir' })).toBeEnabled()
  await expect(page.getByRole('alert')).toHaveCount(0)
})
