export const LANGUAGES = ['pt-BR', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEPT = 'order-desk.language'

function isLanguage(value: string | null): value is Language {
  return LANGUAGES.includes(value as Language)
}

/** The one chosen here before; else the browser's, when it is English; else Portuguese, as the API. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  if (isLanguage(kept)) return kept
  return navigator.language.startsWith('en') ? 'en' : 'pt-BR'
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
}
