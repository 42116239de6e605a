import { type Page, type Shop, expect, signIn, test, unique } from './desk'

test('an account is made, used, given a new password and deactivated', async ({ as, browser, baseURL, expected }) => {
  expected.statuses = [400, 401]
  const admin = await as('admin')
  const name = unique()
  await admin.goto('/users')
  await admin.getByRole('button', { name: 'Novo usuário' }).click()
  await admin.getByRole('textbox', { name: 'Nome', exact: true }).fill(`Maria ${name}`)
  await admin.getByRole('textbox', { name: 'E-mail' }).fill(`${name}@example.com`)
  await admin.getByRole('textbox', { name: 'Usuário', exact: true }).fill(name)
  await admin.getByLabel('Senha inicial').fill('12345678')
  await admin.getByRole('button', { name: 'Criar usuário' }).click()
  await expect(admin.getByRole('dialog').getByText(/Esta senha é/)).toBeVisible()
  await admin.getByLabel('Senha inicial').fill('uma frase bem longa')
  await admin.getByRole('button', { name: 'Criar usuário' }).click()
  await expect(admin.getByRole('dialog')).toHaveCount(0)

  const context = await browser.newContext({ baseURL, locale: 'pt-BR' })
  const page = await context.newPage()
  await page.goto('/account')
  await signIn(page, name, 'uma frase bem longa')
  await expect(page.getByRole('heading', { name: 'Minha conta' })).toBeVisible()
  await page.getByLabel('Senha atual').fill('errada')
  await page.getByLabel('Nova senha', { exact: true }).fill('outra frase bem longa')
  await page.getByLabel('Nova senha, de novo').fill('outra frase bem longa')
  await page.getByRole('button', { name: 'Trocar a senha' }).click()
  await expect(page.getByText('Esta não é a sua senha atual.')).toBeVisible()
  await page.getByLabel('Senha atual').fill('uma frase bem longa')
  await page.getByRole('button', { name: 'Trocar a senha' }).click()
  await expect(page.getByText('Senha trocada. Entre com a nova.')).toBeVisible()
  await signIn(page, name, 'outra frase bem longa')
  await expect(page.getByRole('heading', { name: 'Minha conta' })).toBeVisible()

  await admin.bringToFront()
  await admin.getByRole('searchbox').fill(name)
  await admin.getByRole('button', { name: `Conta de Maria ${name}` }).click()
  await admin.getByRole('switch', { name: 'Conta ativa' }).click()
  await admin.getByRole('button', { name: 'Salvar' }).click()
  await expect(admin.getByText('Desativado', { exact: true })).toBeVisible()
  await page.goto('/orders')
  await expect(page.getByRole('button', { name: 'Entrar' })).toBeVisible()
  await context.close()
})

type Account = { id: number; username: string; roles: string[] }

function anAccount(shop: Shop): Promise<Account> {
  const username = unique()
  const password = 'uma frase bem longa'
  return shop.post('/auth/register', { username, email: `${username}@example.com`, password, roles: ['Viewer'] })
}

async function openAccount(page: Page, { username }: Account): Promise<void> {
  await page.goto(`/users?search=${username}`)
  await page.getByRole('button', { name: `Conta de ${username}` }).click()
  await expect(page.getByRole('dialog').getByRole('checkbox', { name: 'Consulta' })).toBeVisible()
}

test('an account is edited as it stands, not as an old list shows it', async ({ as, shop }) => {
  const account = await anAccount(shop)
  const page = await as('admin')
  await page.goto(`/users?search=${account.username}`)
  await expect(page.getByRole('button', { name: `Conta de ${account.username}` })).toBeVisible()
  await shop.patch(`/users/${account.id}`, { roles: ['Manager'] }) // Another administrator, meanwhile.

  await page.getByRole('button', { name: `Conta de ${account.username}` }).click()
  await expect(page.getByRole('checkbox', { name: 'Gerência' })).toBeChecked()
  await page.getByRole('checkbox', { name: 'Atendimento' }).click()
  await page.getByRole('button', { name: 'Salvar' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect((await shop.get<Account>(`/users/${account.id}`)).roles.toSorted()).toEqual(['Manager', 'Operator'])
})

test('what another administrator granted meanwhile is shown, and not undone', async ({ as, shop, expected }) => {
  expected.statuses = [412]
  const account = await anAccount(shop)
  const page = await as('admin')
  await openAccount(page, account)
  await page.getByRole('textbox', { name: 'Nome', exact: true }).fill('Maria')
  await page.getByRole('checkbox', { name: 'Atendimento' }).click()
  await shop.patch(`/users/${account.id}`, { roles: ['Manager'] })
  await page.getByRole('button', { name: 'Salvar' }).click()

  const conflict = page.getByRole('dialog', { name: 'Alguém salvou este registro antes de você' })
  await expect(conflict.getByRole('row', { name: /Perfis/ })).toContainText('Gerência')
  await expect(conflict.getByRole('row', { name: /Perfis/ })).toContainText('Consulta, Atendimento')
  expect(await shop.get(`/users/${account.id}`)).toMatchObject({ first_name: '', roles: ['Manager'] })
  await conflict.getByRole('button', { name: 'Continuar com o meu' }).click()

  await expect(page.getByRole('textbox', { name: 'Nome', exact: true })).toHaveValue('Maria')
  await expect(page.getByRole('checkbox', { name: 'Gerência' })).toBeChecked()
  await expect(page.getByRole('checkbox', { name: 'Consulta' })).not.toBeChecked()
  await page.getByRole('button', { name: 'Salvar' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const saved = await shop.get<Account & { first_name: string }>(`/users/${account.id}`)
  expect([saved.first_name, saved.roles.toSorted()]).toEqual(['Maria', ['Manager', 'Operator']])
})

test('a new account whose answer was lost is looked for before it is sent again', async ({ as, expected }) => {
  expected.offline = true
  const page = await as('admin')
  const name = unique()
  await page.route('**/auth/register', async (route) => {
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.goto('/users')
  await page.getByRole('button', { name: 'Novo usuário' }).click()
  await page.getByRole('textbox', { name: 'E-mail' }).fill(`${name}@example.com`)
  await page.getByRole('textbox', { name: 'Usuário', exact: true }).fill(name)
  await page.getByLabel('Senha inicial').fill('uma frase bem longa')
  await page.getByRole('button', { name: 'Criar usuário' }).click()

  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('alert')).toContainText('pode já ter sido gravado')
  await dialog.getByRole('link', { name }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('button', { name: `Conta de ${name}` })).toBeVisible()
})

test('a manager makes nobody their equal, and touches nobody above', async ({ as }) => {
  const page = await as('manager')
  await page.goto('/users')
  await expect(page.getByRole('button', { name: 'Conta de Jéssica Tavares' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Conta de Renata Moura' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Novo usuário' }).click()
  await expect(page.getByRole('checkbox')).toHaveCount(2)
  await expect(page.getByRole('checkbox', { name: 'Gerência' })).toHaveCount(0)
})

test('who may not manage users is told so', async ({ as }) => {
  const page = await as('operator')
  await page.goto('/users')
  await expect(page.getByText('Seu perfil não permite abrir esta tela.')).toBeVisible()
})
