import { test as base, expect, request as requests, type APIRequestContext, type Page } from '@playwright/test'

export { expect, type Page } from '@playwright/test'

export type Role = 'admin' | 'manager' | 'operator' | 'viewer'
const PASSWORD = process.env.DEMO_PASSWORD ?? 'demo-password'

type State = Awaited<ReturnType<APIRequestContext['storageState']>>

/** One sign-in a role and worker: the server counts them. Kept as the browser keeps it, in cookies. */
const sessions = new Map<Role, Promise<State>>()

async function sessionOf(role: Role, baseURL: string): Promise<State> {
  const context = await requests.newContext({ baseURL })
  const answer = await context.post('/api/v1/auth/session/login', { data: { username: role, password: PASSWORD } })
  expect(answer.ok(), await answer.text()).toBe(true)
  const state = await context.storageState()
  await context.dispose()
  return state
}

type Made = { id: number; name: string; sku: string }

/** What a test needs in the shop, made through the API like any client's. */
export class Shop {
  constructor(
    private readonly api: APIRequestContext,
    private readonly csrf: string,
  ) {}

  private async call<T>(
    method: string,
    path: string,
    data?: object,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const answer = await this.api.fetch(`/api/v1${path}`, {
      method,
      data,
      headers: { 'X-CSRFToken': this.csrf, ...headers },
    })
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true)
    return (answer.status() === 204 ? undefined : await answer.json()) as T
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path)
  }

  remove(path: string): Promise<void> {
    return this.call('DELETE', path)
  }

  patch<T>(path: string, data: object): Promise<T> {
    return this.call<T>('PATCH', path, data)
  }

  post<T>(path: string, data: object, headers: Record<string, string> = {}): Promise<T> {
    return this.call<T>('POST', path, data, headers)
  }

  async product(stock: number, price = '10.00'): Promise<Made> {
    const tag = unique()
    return this.post('/products', { sku: `E2E-${tag}`, name: `Produto ${tag}`, price, on_hand: stock })
  }

  async customer(): Promise<{ id: number; name: string }> {
    return this.post('/customers', { name: `Cliente ${unique()}` })
  }

  async order(customerId: number, productId: number, quantity = 1): Promise<{ id: number; number: string }> {
    const body = { customer_id: customerId, items: [{ product_id: productId, quantity }] }
    return this.post('/orders', body, { 'Idempotency-Key': `e2e-${unique()}` })
  }

  async ordersOf(customerId: number): Promise<{ id: number; number: string; total: string }[]> {
    return (await this.get<{ results: [] }>(`/orders?customer_id=${customerId}`)).results
  }
}

/** Letters only, so that no other name has it as a part, and no digits to be taken for a number. */
export function unique(): string {
  return Array.from({ length: 10 }, () => 'bcdfghjklmnpqrstvwxz'[Math.floor(Math.random() * 20)]).join('')
}

type Fixtures = {
  shop: Shop
  /** A page on which this role is signed in. */
  as: (role: Role) => Promise<Page>
  /** Statuses that a test provokes on purpose: the browser writes those to its console. */
  expected: { statuses: number[]; offline: boolean }
}

export const test = base.extend<Fixtures & { watching: undefined }>({
  expected: async ({}, use) => {
    await use({ statuses: [], offline: false })
  },

  // Whatever a test does: no error in the console, no crash, no request to another host.
  watching: [
    async ({ context, baseURL, expected }, use) => {
      const complaints: string[] = []
      const host = new URL(baseURL ?? '').host
      const provoked = (text: string) => {
        if (/ERR_NETWORK_CHANGED/.test(text)) return true // The machine's network, not the page's doing.
        if (expected.offline && /net::ERR_/.test(text)) return true
        return expected.statuses.some((status) => text.includes(`status of ${status} `))
      }
      context.on('console', (message) => {
        if (message.type() === 'error' && !provoked(message.text())) complaints.push(`console: ${message.text()}`)
      })
      context.on('weberror', (error) => complaints.push(`crash: ${error.error().message}`))
      context.on('request', (request) => {
        const url = new URL(request.url())
        if (url.protocol.startsWith('http') && url.host !== host) complaints.push(`foreign host: ${request.url()}`)
      })
      await use(undefined)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],

  as: async ({ context, baseURL }, use) => {
    await use(async (role) => {
      const session = sessions.get(role) ?? sessionOf(role, baseURL ?? '')
      sessions.set(role, session)
      await context.clearCookies()
      await context.addCookies((await session).cookies)
      return context.newPage()
    })
  },

  shop: async ({ baseURL }, use) => {
    const session = sessions.get('admin') ?? sessionOf('admin', baseURL ?? '')
    sessions.set('admin', session)
    const state = await session
    const api = await requests.newContext({ baseURL, storageState: state })
    await use(new Shop(api, state.cookies.find((cookie) => cookie.name === 'csrftoken')?.value ?? ''))
    await api.dispose()
  },
})

export async function signIn(page: Page, username: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Usuário ou e-mail').fill(username)
  await page.getByLabel('Senha', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Entrar' }).click()
}

/** Types into a search-as-you-type field, and takes the first match by Enter. */
export async function choose(page: Page, field: string, text: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).fill(text)
  await expect(page.getByRole('option').first()).toContainText(text)
  await page.keyboard.press('Enter')
}

/** Opens the form of a new order and fills it in, up to the button. */
export async function draftOrder(
  page: Page,
  customer: string,
  lines: [product: string, quantity: number][],
): Promise<void> {
  await page.goto('/orders/new')
  await choose(page, 'Cliente', customer)
  for (const [product, quantity] of lines) {
    await choose(page, 'Adicionar produto', product)
    const field = page.getByLabel(`Quantidade de ${product}`)
    await expect(field).toBeFocused()
    await page.keyboard.type(String(quantity))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('combobox', { name: 'Adicionar produto' })).toBeFocused()
  }
}
