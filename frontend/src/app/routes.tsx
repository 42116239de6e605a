import type { ComponentType } from 'react'
import { type RouteObject, useRoutes } from 'react-router'
import { part } from '../shared/part'
import { Guard } from './Guard'
import { Missing } from './Missing'
import { Shell } from './Shell'
import { SignIn } from './SignIn'

type Screen = { Component: ComponentType }

function screen(path: string, load: () => Promise<Screen>): RouteObject {
  const Loaded = part(async () => ({ default: (await load()).Component }))
  return { path, element: <Loaded /> }
}

/**
 * Every address of the interface. A screen is a module that exports `Component`; it is fetched when it is first opened,
 * together with its texts. The server answers the same addresses with the page (backend/apps/common/web.py).
 */
const ROUTES: RouteObject[] = [
  { path: '/sign-in', element: <SignIn /> },
  {
    element: <Guard />,
    children: [
      screen('/orders/:id/picking', () => import('../orders/PickingList')),
      {
        element: <Shell />,
        children: [
          screen('/', () => import('../dashboard/DashboardPage')),
          screen('/orders', () => import('../orders/OrdersPage')),
          screen('/orders/new', () => import('../orders/NewOrderPage')),
          screen('/orders/:id', () => import('../orders/OrderPage')),
          screen('/customers', () => import('../customers/CustomersPage')),
          screen('/customers/new', () => import('../customers/NewCustomerPage')),
          screen('/customers/:id', () => import('../customers/CustomerPage')),
          screen('/products', () => import('../products/ProductsPage')),
          screen('/products/new', () => import('../products/NewProductPage')),
          screen('/products/:id', () => import('../products/ProductPage')),
          screen('/users', () => import('../users/UsersPage')),
          screen('/account', () => import('../users/AccountPage')),
          { path: '*', element: <Missing /> },
        ],
      },
    ],
  },
]

export function Screens() {
  return useRoutes(ROUTES)
}
