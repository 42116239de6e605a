import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { common } from './common'
import { type Language, firstLanguage, keepLanguage } from './language'

/** The texts of one screen in both languages. `en` has the type of `pt`, so a text cannot be missing in one. */
export type Texts<T> = { pt: T; en: T }

void i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: 'pt-BR',
  defaultNS: 'common',
  resources: { 'pt-BR': { common: common.pt }, en: { common: common.en } },
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
})
keepLanguage(i18next.language as Language)

/** Called by each screen's texts.ts, which loads together with the screen. */
export function addTexts<T extends object>(namespace: string, texts: Texts<T>): void {
  i18next.addResourceBundle('pt-BR', namespace, texts.pt)
  i18next.addResourceBundle('en', namespace, texts.en)
}

export function useLanguage() {
  const { i18n } = useTranslation()
  return {
    language: i18n.language as Language,
    choose: (language: Language) => {
      keepLanguage(language)
      void i18n.changeLanguage(language)
    },
  }
}
