import { expect, test, unique } from './desk'

/** A CPF with right check digits. */
function aCpf(): string {
  const digits = Array.from({ length: 9 }, () => Math.floor(Math.random() * 10))
  for (const length of [9, 10]) {
    const rest = digits.slice(0, length).reduce((sum, digit, index) => sum + digit * (length + 1 - index), 0) % 11
    digits.push(rest < 2 ? 0 : 11 - rest)
  }
  return digits.join('')
}

test('a customer is added by keyboard, with masks and check digits, and changed', async ({ as }) => {
  const page = await as('manager')
  const name = `Cliente ${unique()}`
  await page.goto('/customers')
  await page.getByRole('link', { name: 'Novo cliente' }).click()
  await expect(page.getByLabel('Nome')).toBeFocused()
  await page.keyboard.type(name)
  await page.keyboard.press('Tab')
  await page.keyboard.type('52998224724')
  await expect(page.getByLabel('CPF ou CNPJ')).toHaveValue('529.982.247-24')
  await page.keyboard.press('Enter')
  await expect(page.getByText('CPF ou CNPJ inválido: confira os dígitos.')).toBeVisible()

  await page.getByLabel('CPF ou CNPJ').fill(aCpf())
  await page.getByLabel('Telefone').fill('11987654321')
  await expect(page.getByLabel('Telefone')).toHaveValue('(11) 98765-4321')
  await page.getByLabel('CEP').fill('01304001')
  await expect(page.getByLabel('CEP')).toHaveValue('01304-001')
  await page.getByLabel('Cidade').fill('São Paulo')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name })).toBeVisible()
  await expect(page.getByRole('link', { name: '(11) 98765-4321' })).toBeVisible()
  await expect(page.getByText('Nenhum pedido ainda')).toBeVisible()

  await page.getByRole('button', { name: 'Editar' }).click()
  await page.getByLabel('Telefone').fill('')
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('link', { name: '(11) 98765-4321' })).toHaveCount(0)
})

test('an alphanumeric CNPJ is taken, in small letters too', async ({ as }) => {
  const page = await as('manager')
  await page.goto('/customers/new')
  await page.getByLabel('CPF ou CNPJ').fill('12abc34501de35')
  await expect(page.getByLabel('CPF ou CNPJ')).toHaveValue('12.ABC.345/01DE-35')
  await page.getByLabel('Nome').focus()
  await expect(page.getByText('CPF ou CNPJ inválido')).toHaveCount(0)
})

test('what somebody else saved meanwhile is shown beside mine, and nothing is overwritten', async ({
  as,
  shop,
  expected,
}) => {
  expected.statuses = [412]
  const customer = await shop.customer()
  const page = await as('manager')
  await page.goto(`/customers/${customer.id}`)
  await page.getByRole('button', { name: 'Editar' }).click()
  await page.getByLabel('Cidade').fill('Olinda')

  await shop.patch(`/customers/${customer.id}`, { name: 'Nome de outra pessoa', address: { city: 'Recife' } })
  await page.getByRole('button', { name: 'Salvar cliente' }).click()

  const conflict = page.getByRole('dialog', { name: 'Alguém salvou este registro antes de você' })
  await expect(conflict.getByRole('row', { name: /Cidade/ })).toContainText('Recife')
  await expect(conflict.getByRole('row', { name: /Cidade/ })).toContainText('Olinda')
  expect(await shop.get(`/customers/${customer.id}`)).toMatchObject({ address: { city: 'Recife' } })
  await conflict.getByRole('button', { name: 'Continuar com o meu' }).click()

  await expect(page.getByLabel('Nome')).toHaveValue('Nome de outra pessoa')
  await expect(page.getByLabel('Cidade')).toHaveValue('Olinda')
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  await expect(page.getByRole('heading', { name: 'Nome de outra pessoa' })).toBeVisible()
  expect(await shop.get(`/customers/${customer.id}`)).toMatchObject({
    name: 'Nome de outra pessoa',
    address: { city: 'Olinda' },
  })
})

test('a customer is deleted, which open orders prevent, and restored', async ({ as, shop, expected }) => {
  expected.statuses = [409, 404]
  const [product, customer] = [await shop.product(5), await shop.customer()]
  const order = await shop.order(customer.id, product.id)
  const page = await as('manager')
  await page.goto(`/customers/${customer.id}`)
  await expect(page.getByRole('link', { name: order.number })).toBeVisible()
  await page.getByRole('button', { name: 'Outras ações' }).click()
  await page.getByRole('menuitem', { name: 'Excluir cliente' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Excluir cliente' }).click()
  await expect(page.getByRole('alert')).toContainText(order.number)

  await shop.patch(`/orders/${order.id}/status`, { status: 'CANCELADO' })
  await page.getByRole('dialog').getByRole('button', { name: 'Excluir cliente' }).click()
  await expect(page.getByRole('heading', { name: 'Este cliente está excluído' })).toBeVisible()

  await page.reload()
  await expect(page.getByRole('heading', { name: 'Cliente não encontrado' })).toBeVisible()
  await page.getByRole('button', { name: 'Restaurar cliente' }).click()
  await expect(page.getByRole('heading', { name: customer.name })).toBeVisible()
})

test('a document of a deleted customer leads to that one, to be restored', async ({ as, shop, expected }) => {
  expected.statuses = [409, 404]
  const [name, document] = [`Cliente ${unique()}`, aCpf()]
  const { id } = await shop.post<{ id: number }>('/customers', { name, document })
  await shop.remove(`/customers/${id}`)
  const page = await as('manager')
  await page.goto('/customers/new')
  await page.getByLabel('Nome').fill('Outro nome')
  await page.getByLabel('CPF ou CNPJ').fill(document)
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  await page.getByRole('link', { name: 'Restaure-o em vez de criar outro.' }).click()
  await page.getByRole('button', { name: 'Restaurar cliente' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
})

test('a viewer sees personal data in part, and may change nothing', async ({ as, shop }) => {
  const { id } = await shop.post<{ id: number }>('/customers', {
    name: `Cliente ${unique()}`,
    document: aCpf(),
    phone: '11987654321',
  })
  const page = await as('viewer')
  await page.goto(`/customers/${id}`)
  await expect(page.getByText(/CPF \*\*\*/)).toBeVisible()
  await expect(page.getByText('Seu perfil vê os dados pessoais em parte.')).toBeVisible()
  for (const name of ['Editar', 'Outras ações', 'Novo pedido'])
    await expect(page.getByRole('main').getByRole('button', { name })).toHaveCount(0)
  await page.goto('/customers/new')
  await expect(page.getByText('Seu perfil não permite abrir esta tela.')).toBeVisible()
})

test('a digit in the middle is corrected where it stands', async ({ as }) => {
  const page = await as('manager')
  await page.goto('/customers/new')
  for (const [field, typed, place, digit, shown] of [
    ['CEP', '01304001', 2, '2', '02304-001'],
    ['CPF ou CNPJ', '52998224725', 6, '1', '529.912.247-25'],
    ['Telefone', '11987654321', 7, '5', '(11) 95765-4321'],
  ] as const) {
    const input = page.getByLabel(field)
    await input.pressSequentially(typed)
    await input.evaluate((node: HTMLInputElement, at) => node.setSelectionRange(at, at), place)
    await page.keyboard.press('Backspace')
    await page.keyboard.type(digit)
    await expect(input).toHaveValue(shown)
  }
})

test('every telephone number that the server takes may be typed', async ({ as, shop }) => {
  const page = await as('manager')
  for (const [typed, stored] of [
    ['011 98765-4321', '+5511987654321'],
    ['5511987654321', '+5511987654321'],
    ['+351 21 123 4567', '+351211234567'],
  ] as const) {
    const name = `Cliente ${unique()}`
    await page.goto('/customers/new')
    await page.getByLabel('Nome').fill(name)
    await page.getByLabel('Telefone').pressSequentially(typed)
    await expect(page.getByLabel('Telefone')).toHaveValue(typed)
    await page.getByRole('button', { name: 'Salvar cliente' }).click()
    await expect(page.getByRole('heading', { name })).toBeVisible()
    expect(await shop.get(new URL(page.url()).pathname)).toMatchObject({ phone: stored })
  }
})

test('Escape answers the question above the form, and leaves the form', async ({ as, shop, expected }) => {
  expected.statuses = [412]
  const customer = await shop.customer()
  const page = await as('manager')
  await page.goto(`/customers/${customer.id}`)
  await page.getByRole('button', { name: 'Editar' }).click()
  await page.getByLabel('Cidade').fill('Olinda')
  await shop.patch(`/customers/${customer.id}`, { address: { city: 'Recife' } })
  await page.getByRole('button', { name: 'Salvar cliente' }).click()
  const question = page.getByRole('dialog', { name: 'Alguém salvou este registro antes de você' })
  await expect(question).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await page.waitForTimeout(400)
  await expect(page.getByLabel('Cidade')).toHaveValue('Olinda')
})

for (const [address, what, restore] of [
  ['/customers/777777', 'cliente', 'Restaurar cliente'],
  ['/products/777777', 'produto', 'Restaurar produto'],
] as const) {
  test(`what never existed is not called deleted: ${address}`, async ({ as, expected }) => {
    expected.statuses = [404]
    const page = await as('manager')
    await page.goto(address)
    await expect(page.getByText('Ele não existe ou foi excluído.')).toBeVisible()
    await expect(page.getByText('está excluído')).toHaveCount(0)
    await page.getByRole('button', { name: restore }).click()
    await expect(page.getByRole('heading', { name: `Este ${what} não existe` })).toBeVisible()
    await expect(page.getByRole('button', { name: restore })).toHaveCount(0)
    await expect(page.getByText('Não deu certo')).toHaveCount(0)
  })
}
