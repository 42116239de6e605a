import { choose, draftOrder, expect, signIn, test } from './desk'

test('an operator signs in, takes an order by keyboard and sees it through to its delivery', async ({
  page,
  shop,
}) => {
  const [coffee, mugs] = [await shop.product(50, '19.99'), await shop.product(20, '0.10')]
  const customer = await shop.customer()

  await page.goto('/orders')
  await expect(page).toHaveURL(/sign-in/)
  await signIn(page, 'operator')
  await expect(page.getByRole('heading', { name: 'Pedidos' })).toBeVisible()

  await page.keyboard.press('n')
  await expect(page.getByRole('combobox', { name: 'Cliente' })).toBeFocused()
  await page.keyboard.type(customer.name)
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Adicionar produto' })).toBeFocused()
  await page.keyboard.type(coffee.sku)
  await expect(page.getByRole('option', { name: coffee.name })).toContainText('50 disp.')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel(`Quantidade de ${coffee.name}`)).toBeFocused()
  await page.keyboard.type('3')
  await page.keyboard.press('Enter')
  await choose(page, 'Adicionar produto', mugs.name)
  await expect(page.getByLabel(`Quantidade de ${mugs.name}`)).toBeFocused()
  await page.keyboard.type('3')
  await page.getByLabel('Frete').fill('35,5')
  await page.getByLabel('Observações').fill('Entregar pela manhã')
  await expect(page.getByTestId('total')).toHaveText('R$ 95,77') // 3 × 19,99 + 3 × 0,10 + 35,50
  await page.keyboard.press('Control+Enter')

  await expect(page).toHaveURL(/\/orders\/\d+$/)
  await expect(page.getByText('Pendente', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Entregar pela manhã')).toBeVisible()

  for (const [button, status] of [
    ['Confirmar', 'Confirmado'],
    ['Marcar como separado', 'Separado'],
  ] as const) {
    await page.getByRole('button', { name: button }).click()
    await expect(page.locator('span[data-size=lg]')).toHaveText(status)
  }
  await page.getByRole('button', { name: 'Enviar', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/Observação do envio/).fill('Transportadora Azul, BR123')
  await dialog.getByRole('button', { name: 'Enviar', exact: true }).click()
  await expect(page.locator('span[data-size=lg]')).toHaveText('Enviado')
  await expect(page.getByText('Transportadora Azul, BR123')).toBeVisible()
  await page.getByRole('button', { name: 'Marcar como entregue' }).click()
  await expect(page.locator('span[data-size=lg]')).toHaveText('Entregue')
  await expect(page.getByRole('button', { name: /Confirmar|Marcar|Enviar|Cancelar/ })).toHaveCount(0)

  await page.getByRole('tab', { name: 'Eventos' }).click()
  await expect(page.getByText(/stock\.shipped/).first()).toBeVisible()
  const left = await shop.get<{ on_hand: number; reserved: number }>(`/products/${coffee.id}`)
  expect(left).toMatchObject({ on_hand: 47, reserved: 0 })
})

test('the list is searched by number and customer, and filtered by status; the address keeps it', async ({
  as,
  shop,
}) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const order = await shop.order(customer.id, product.id)
  const page = await as('viewer')

  await page.goto('/orders')
  await page.getByRole('heading', { name: 'Pedidos' }).waitFor()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type(customer.name)
  await expect(page.getByRole('row')).toHaveCount(2) // The head and the order.
  await page.getByText('Entregue', { exact: true }).first().click()
  await expect(page.getByText('Nada encontrado')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('searchbox')).toHaveValue(customer.name)
  await expect(page.getByText('Nada encontrado')).toBeVisible()
  await page.getByRole('button', { name: 'Limpar' }).last().click()
  await expect(page).toHaveURL(/\/orders$/)

  await page.getByRole('searchbox').fill(order.number.replace('PED-', '').replace(/^0+/, ''))
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('link', { name: order.number }).click()
  await expect(page.getByRole('heading', { name: order.number })).toBeVisible()
})

test('a long list goes on as one scrolls, each row once', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(100), await shop.customer()]
  const made: string[] = []
  for (let count = 0; count < 35; count++) made.push((await shop.order(customer.id, product.id)).number)
  const page = await as('operator')

  await page.goto(`/orders?customer=${customer.id}`)
  await expect(page.getByText(`Cliente: ${customer.name}`)).toBeVisible()
  await expect(page.getByRole('row').nth(29)).toBeVisible()
  await page.mouse.wheel(0, 20_000)
  await expect(page.getByText('35 linhas')).toBeVisible()
  const shown = await page.getByRole('link', { name: /^PED-/ }).allTextContents()
  expect(shown.sort()).toEqual(made.sort())
})

test('a manager cancels with a reason, and the history keeps it', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const order = await shop.order(customer.id, product.id, 4)
  const page = await as('manager')

  await page.goto(`/orders/${order.id}`)
  await page.getByRole('button', { name: 'Cancelar pedido' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancelar pedido' }).click()
  await expect(dialog.getByText('Preencha este campo.')).toBeVisible()
  await dialog.getByLabel('Motivo do cancelamento').fill('Cliente desistiu')
  await dialog.getByRole('button', { name: 'Cancelar pedido' }).click()

  await expect(page.locator('span[data-size=lg]')).toHaveText('Cancelado')
  await expect(page.getByText('“Cliente desistiu”')).toBeVisible()
  expect(await shop.get(`/products/${product.id}`)).toMatchObject({ available: 10 })
})

test('the picking list has the lines, the address and no price', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10, '77.31'), await shop.customer()]
  const order = await shop.order(customer.id, product.id, 4)
  const page = await as('operator')

  await page.goto(`/orders/${order.id}`)
  await page.getByRole('link', { name: 'Lista de separação' }).click()

  const sheet = page.getByRole('main')
  await expect(sheet.getByRole('heading', { name: order.number })).toBeVisible()
  await expect(sheet.getByRole('row').nth(1)).toContainText(product.sku)
  await expect(sheet).toContainText('4 unidades em 1 item')
  await expect(sheet).not.toContainText('77,31')
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: 'Imprimir' })).toBeHidden()
})

test('an old order is repeated at the prices of today', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10, '5.00'), await shop.customer()]
  const order = await shop.order(customer.id, product.id, 4)
  await shop.patch(`/products/${product.id}`, { price: '6.00' })
  const page = await as('operator')

  await page.goto(`/orders/${order.id}`)
  await page.getByRole('link', { name: 'Repetir pedido' }).click()

  await expect(page.getByRole('combobox', { name: 'Cliente' })).toHaveValue(customer.name)
  await expect(page.getByLabel(`Quantidade de ${product.name}`)).toHaveValue('4')
  await expect(page.getByTestId('total')).toHaveText('R$ 24,00')
})

test('what is missing is said on its field, and the cursor goes there', async ({ as, shop }) => {
  const [product, customer] = [await shop.product(10), await shop.customer()]
  const page = await as('operator')

  await page.goto('/orders/new')
  await page.getByRole('button', { name: /Criar pedido/ }).click()
  await expect(page.getByText('Escolha o cliente.')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Cliente' })).toBeFocused()

  await draftOrder(page, customer.name, [[product.name, 2]])
  await page.getByLabel('Frete').fill('muito')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Valor inválido. Exemplo: 12,50.')).toBeVisible()
  await expect(page.getByLabel('Frete')).toBeFocused()
})
