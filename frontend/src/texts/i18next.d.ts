import 'i18next'
import type { common } from './common'
import type { orders } from '../orders/texts'

// Every namespace stands here, so that t('…') of a text that does not exist is a type error.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      common: typeof common.pt
      orders: typeof orders.pt
    }
  }
}
