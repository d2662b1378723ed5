import { createI18n } from '@vetcita/ui'
import { es, type OwnerMessages } from './es.ts'

declare module 'i18next' {
  interface ResourceNamespaceMap {
    owner: OwnerMessages
  }
}

/** Loads the texts of this app and of the shared components, in the language chosen on this device. */
export const loadI18n = () => createI18n('owner', es, async () => (await import('./en.ts')).en)
