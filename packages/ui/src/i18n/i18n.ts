import { createInstance, type i18n } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { type Messages, es as spanish } from './es.ts'
import { applyLanguage, type Language, storedLanguage } from './language.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    returnNull: false
  }
  interface ResourceNamespaceMap {
    ui: Messages
  }
}

/** Loads an instance's English texts. Keyed by its store, since components get a copy of the instance. */
const english = new WeakMap<i18n['store'], () => Promise<void>>()

/**
 * Makes an app's i18next instance. The Spanish texts are in the bundle; the English ones are loaded when English is
 * chosen, or before the first page if it was chosen earlier.
 * @param namespace the app's own namespace, which it declares in i18next's `ResourceNamespaceMap`
 * @param es its Spanish texts
 * @param loadEn loads its English texts; type them by the Spanish ones, so that a missing one fails the type check
 */
export async function createI18n<M extends object>(
  namespace: string,
  es: M,
  loadEn: () => Promise<NoInfer<M>>,
): Promise<i18n> {
  const instance = createInstance()
  const chosen = storedLanguage()
  await instance.use(initReactI18next).init({
    lng: 'es',
    fallbackLng: 'es',
    ns: ['ui', namespace],
    defaultNS: 'ui',
    interpolation: { escapeValue: false },
    resources: { es: { ui: spanish, [namespace]: es } },
  })
  english.set(instance.store, async () => {
    const [{ en }, own] = await Promise.all([import('./en.ts'), loadEn()])
    instance.addResourceBundle('en', 'ui', en)
    instance.addResourceBundle('en', namespace, own)
  })
  await changeLanguage(instance, chosen)
  instance.on('languageChanged', (next) => applyLanguage(next === 'en' ? 'en' : 'es'))
  return instance
}

/**
 * Changes the language after loading its texts.
 * @returns false if they could not be loaded: then nothing changes
 */
export async function changeLanguage(instance: i18n, language: Language): Promise<boolean> {
  try {
    if (language === 'en' && !instance.hasResourceBundle('en', 'ui')) await english.get(instance.store)?.()
  } catch {
    return false
  }
  await instance.changeLanguage(language)
  return true
}

/** Returns the current language; the component renders again when it changes. */
export function useLanguage(): Language {
  const { i18n: instance } = useTranslation('ui')
  return instance.language === 'en' ? 'en' : 'es'
}
