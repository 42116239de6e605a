import { type Role, expect, test } from './desk'

const MAY: Record<Role, { order: boolean; move: boolean; cancel: boolean; users: boolean }> = {
  admin: { order: true, move: true, cancel: true, users: true },
  manager: { order: true, move: true, cancel: true, users: true },
  operator: { order: true, move: true, cancel: false, users: false },
  viewer: { order: false, move: false, cancel: false, users: false },
}

for (const [role, may] of Object.entries(MAY) as [Role, (typeof MAY)[Role]][]) {
  test(`${role} is offered what ${role} may do, and no more`, async ({ as, shop }) => {
    const [product, customer] = [await shop.product(10), await shop.customer()]
    const order = await shop.order(customer.id, product.id)
    const page = await as(role)

    await page.goto(`/orders/${order.id}`)
    await expect(page.getByRole('heading', { name: order.number })).toBeVisible()
    const navigation = page.getByRole('navigation').locator('visible=true')
    await expect(navigation.getByRole('link', { name: 'Pedidos' })).toBeVisible()
    await expect(page.getByRole('link', { name: /Novo pedido/ })).toHaveCount(may.order ? 1 : 0)
    await expect(page.getByRole('link', { name: 'Repetir pedido' })).toHaveCount(may.order ? 1 : 0)
    await expect(page.getByRole('button', { name: 'Confirmar' })).toHaveCount(may.move ? 1 : 0)
    await expect(page.getByRole('button', { name: 'Cancelar pedido' })).toHaveCount(may.cancel ? 1 : 0)
    await expect(navigation.getByRole('link', { name: 'Usuários' })).toHaveCount(may.users ? 1 : 0)

    await page.goto('/orders/new')
    if (may.order) await expect(page.getByRole('combobox', { name: 'Cliente' })).toBeVisible()
    else await expect(page.getByText('Seu perfil não permite abrir esta tela.')).toBeVisible()
  })
}
