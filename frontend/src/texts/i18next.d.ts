import 'i18next'
import type { help } from '../app/helpTexts'
import type { common } from './common'
import type { customers } from '../customers/texts'
import type { dashboard } from '../dashboard/texts'
import type { orders } from '../orders/texts'
import type { products } from '../products/texts'
import type { forms } from '../shared/formTexts'
import type { users } from '../users/texts'

// Every namespace stands here, so that t('…') of a text that does not exist is a type error.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      common: typeof common.pt
      customers: typeof customers.pt
      dashboard: typeof dashboard.pt
      forms: typeof forms.pt
      help: typeof help.pt
      orders: typeof orders.pt
      products: typeof products.pt
      users: typeof users.pt
    }
  }
}
