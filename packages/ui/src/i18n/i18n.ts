import { createInstance, type i18n } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from './en.ts'
import { es, type Messages } from './es.ts'
import { applyLanguage, type Language, storedLanguage } from './language.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    returnNull: false
  }
  interface ResourceNamespaceMap {
    ui: Messages
  }
}

/**
 * The i18next instance of an application, ready at once (the texts are in the bundle).
 * @param namespace the application's own namespace; it declares it in i18next's `ResourceNamespaceMap`
 * @param resources its texts; type the English ones by the Spanish ones and a missing translation fails the typecheck
 */
export function createI18n<M extends object>(namespace: string, resources: Record<Language, M>): i18n {
  const instance = createInstance()
  const lng = storedLanguage()
  instance.on('languageChanged', (next) => applyLanguage(next === 'en' ? 'en' : 'es'))
  instance.use(initReactI18next).init({
    lng,
    fallbackLng: 'es',
    ns: ['ui', namespace],
    defaultNS: 'ui',
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: {
      es: { ui: es, [namespace]: resources.es },
      en: { ui: en, [namespace]: resources.en },
    },
  })
  return instance
}

/** The language on screen now; the component renders again when it changes. */
export function useLanguage(): Language {
  const { i18n: instance } = useTranslation('ui')
  return instance.language === 'en' ? 'en' : 'es'
}
