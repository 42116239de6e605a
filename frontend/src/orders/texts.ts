import { addTexts } from '../texts/i18n'
import { en } from './texts.en'
import { pt } from './texts.pt'

export const orders = { pt, en }
addTexts('orders', orders)
