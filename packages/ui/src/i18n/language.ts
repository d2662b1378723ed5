/** The languages of the product; Spanish (es-PY) comes first. */
export const languages = ['es', 'en'] as const

export type Language = (typeof languages)[number]

const STORAGE_KEY = 'vetcita.language'
const HTML_LANG: Record<Language, string> = { es: 'es-PY', en: 'en' }

/** Returns the language chosen earlier on this device; Spanish if none was, or if storage is blocked. */
export function storedLanguage(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'es'
  } catch {
    return 'es'
  }
}

/** Keeps the choice on this device and declares the page's language to assistive technology. */
export function applyLanguage(language: Language): void {
  document.documentElement.lang = HTML_LANG[language]
  try {
    localStorage.setItem(STORAGE_KEY, language)
  } catch {
    // Storage is blocked: the page's language changes all the same.
  }
}
