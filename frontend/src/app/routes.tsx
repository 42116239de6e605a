import { createBrowserRouter } from 'react-router'
import { Guard, Waiting } from './Guard'
import { Missing, RouteError } from './RouteError'
import { Shell } from './Shell'
import { SignIn } from './SignIn'

/**
 * Every address of the interface. A screen is a module that exports `Component`; it is fetched when it is first opened,
 * together with its texts. The server answers the same addresses with the page (backend/config/urls.py).
 */
export const router = createBrowserRouter([
  { path: '/sign-in', Component: SignIn, errorElement: <RouteError /> },
  {
    Component: Guard,
    HydrateFallback: Waiting,
    errorElement: <RouteError />,
    children: [
      { path: '/orders/:id/picking', lazy: () => import('../orders/PickingList') },
      {
        Component: Shell,
        children: [
          {
            errorElement: <RouteError />,
            children: [
              { path: '/orders', lazy: () => import('../orders/OrdersPage') },
              { path: '/orders/new', lazy: () => import('../orders/NewOrderPage') },
              { path: '/orders/:id', lazy: () => import('../orders/OrderPage') },
              { path: '*', Component: Missing },
            ],
          },
        ],
      },
    ],
  },
])
