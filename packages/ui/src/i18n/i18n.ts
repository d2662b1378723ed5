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

/** How the instance with these texts gets its English ones. (What a component is handed is a copy of the instance.) */
const english = new WeakMap<i18n['store'], () => Promise<void>>()

/**
 * The i18next instance of an application. The Spanish texts are in the bundle; the English ones are loaded when they are
 * chosen, and before the first page where they were chosen earlier.
 * @param namespace the application's own namespace; it declares it in i18next's `ResourceNamespaceMap`
 * @param es its Spanish texts
 * @param loadEn loads its English ones; type them by the Spanish and a missing translation fails the typecheck
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
 * Changes the language once its texts are there.
 * @returns false where they cannot be had now: everything stays as it is
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

/** The language on screen now; the component renders again when it changes. */
export function useLanguage(): Language {
  const { i18n: instance } = useTranslation('ui')
  return instance.language === 'en' ? 'en' : 'es'
}
