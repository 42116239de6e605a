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
              { path: '/', lazy: () => import('../dashboard/DashboardPage') },
              { path: '/orders', lazy: () => import('../orders/OrdersPage') },
              { path: '/orders/new', lazy: () => import('../orders/NewOrderPage') },
              { path: '/orders/:id', lazy: () => import('../orders/OrderPage') },
              { path: '/customers', lazy: () => import('../customers/CustomersPage') },
              { path: '/customers/new', lazy: () => import('../customers/NewCustomerPage') },
              { path: '/customers/:id', lazy: () => import('../customers/CustomerPage') },
              { path: '/products', lazy: () => import('../products/ProductsPage') },
              { path: '/products/new', lazy: () => import('../products/NewProductPage') },
              { path: '/products/:id', lazy: () => import('../products/ProductPage') },
              { path: '/users', lazy: () => import('../users/UsersPage') },
              { path: '/account', lazy: () => import('../users/AccountPage') },
              { path: '*', Component: Missing },
            ],
          },
        ],
      },
    ],
  },
])
