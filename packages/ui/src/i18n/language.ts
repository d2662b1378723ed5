/** The languages of the product; Spanish (es-PY) comes first. */
export const languages = ['es', 'en'] as const

export type Language = (typeof languages)[number]

const STORAGE_KEY = 'vetcita.language'
const HTML_LANG: Record<Language, string> = { es: 'es-PY', en: 'en' }

/** The language chosen earlier on this device, Spanish where none was or the store is closed to us. */
export function storedLanguage(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'es'
  } catch {
    return 'es'
  }
}

/** Keeps the choice on this device and tells assistive technology which language the page now speaks. */
export function applyLanguage(language: Language): void {
  document.documentElement.lang = HTML_LANG[language]
  try {
    localStorage.setItem(STORAGE_KEY, language)
  } catch {
    // A browser that keeps nothing still changes the page's language.
  }
}
