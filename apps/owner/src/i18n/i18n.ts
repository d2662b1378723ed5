import { createI18n } from '@vetcita/ui'
import { en } from './en.ts'
import { es, type OwnerMessages } from './es.ts'

declare module 'i18next' {
  interface ResourceNamespaceMap {
    owner: OwnerMessages
  }
}

/** The texts of this app and of the shared components, in the language chosen on this device. */
export const i18n = createI18n('owner', { es, en })
