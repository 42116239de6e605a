import { expect, test, unique } from './desk'

test('a product is added, received, counted and looked up in its ledger', async ({ as }) => {
  const page = await as('manager')
  const sku = `E2E-${unique().toUpperCase()}`
  await page.goto('/products/new')
  await page.getByLabel('SKU').fill(sku)
  await page.getByLabel('Nome').fill(`Produto ${sku}`)
  await page.getByLabel('Preço').fill('1.234,5')
  await page.getByLabel('Estoque inicial').fill('10')
  await page.getByLabel('Estoque mínimo').fill('8')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: `Produto ${sku}` })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('R$ 1.234,50')

  await page.getByRole('button', { name: 'Mexer no estoque' }).click()
  await expect(page.getByLabel('Quantos chegaram')).toBeFocused()
  await page.keyboard.type('5')
  await expect(page.getByText('Depois: 15 em estoque, 15 disponíveis.')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Diga o motivo')).toBeVisible()
  await page.getByLabel('Motivo').fill('Nota fiscal 1234')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('row', { name: /Recebimento \+5.*Nota fiscal 1234/ })).toBeVisible()

  await page.getByRole('button', { name: 'Mexer no estoque' }).click()
  await page.getByText('Contagem', { exact: true }).last().click()
  await page.getByLabel('Quantos há na prateleira').fill('7')
  await page.getByLabel('Motivo').fill('Inventário')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('row', { name: /Contagem −8/ })).toBeVisible()
  await expect(page.getByText('Baixo', { exact: true })).toBeVisible()
  await expect(page.locator('.recharts-line').first()).toBeAttached()

  await page.goto('/products?low=yes')
  await expect(page.getByRole('link', { name: `Produto ${sku}` })).toBeVisible()
})

test('a count is not taken for a stock that changed meanwhile', async ({ as, shop, expected }) => {
  expected.statuses = [412]
  const product = await shop.product(10)
  const page = await as('manager')
  await page.goto(`/products/${product.id}`)
  await page.getByRole('button', { name: 'Mexer no estoque' }).click()
  await page.getByText('Contagem', { exact: true }).last().click()
  await page.getByLabel('Quantos há na prateleira').fill('9')
  await page.getByLabel('Motivo').fill('Inventário')

  await shop.patch(`/products/${product.id}/stock`, { delta: 20, reason: 'Recebimento' })
  await page.getByRole('button', { name: 'Registrar' }).click()

  await expect(page.getByRole('alert')).toContainText('eram 10, agora são 30')
  expect(await shop.get(`/products/${product.id}`)).toMatchObject({ on_hand: 30 })
  await page.getByLabel('Quantos há na prateleira').fill('29')
  await page.getByRole('button', { name: 'Registrar' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(await shop.get(`/products/${product.id}`)).toMatchObject({ on_hand: 29 })
})

test('what open orders hold can be neither lost nor counted away', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  await shop.order(customer.id, product.id, 6)
  const page = await as('manager')
  await page.goto(`/products/${product.id}`)
  await page.getByRole('button', { name: 'Mexer no estoque' }).click()
  await page.getByText('Perdeu-se').click()
  await page.getByLabel('Quantos se perderam').fill('5')
  await expect(page.getByText('Os pedidos em aberto reservam 6.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Registrar' })).toBeDisabled()
})

test('an SKU that is taken is said on its field', async ({ as, shop, expected }) => {
  expected.statuses = [409]
  const product = await shop.product(1)
  const page = await as('manager')
  await page.goto('/products/new')
  await page.getByLabel('SKU').fill(product.sku.toLowerCase())
  await page.getByLabel('Nome').fill('Outro')
  await page.getByLabel('Preço').fill('1')
  await page.getByRole('button', { name: 'Salvar produto' }).click()
  await expect(page.getByLabel('SKU')).toHaveAttribute('aria-invalid', 'true')
})

test('a price that may be read in two ways is asked for again, and never saved as another', async ({ as }) => {
  const page = await as('manager')
  const name = `Produto ${unique()}`
  await page.goto('/products/new')
  await page.getByLabel('SKU').fill(`E2E-${unique().toUpperCase()}`)
  await page.getByLabel('Nome').fill(name)
  for (const typed of ['5,899', '0,005', '1,2,3', '12.34.56']) {
    await page.getByLabel('Preço').fill(typed)
    await page.keyboard.press('Enter')
    await expect(page.getByText('Valor inválido. Exemplo: 12,50.')).toBeVisible()
    await expect(page.getByLabel('Preço')).toHaveValue(typed)
    await page.getByLabel('Preço').fill('1')
    await expect(page.getByText('Valor inválido. Exemplo: 12,50.')).toHaveCount(0)
  }
  await page.getByLabel('Preço').fill('5,89')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('R$ 5,89')
})
