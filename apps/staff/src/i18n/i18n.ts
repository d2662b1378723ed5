import { createI18n } from '@vetcita/ui'
import { en } from './en.ts'
import { es, type StaffMessages } from './es.ts'

declare module 'i18next' {
  interface ResourceNamespaceMap {
    staff: StaffMessages
  }
}

/** The texts of this app and of the shared components, in the language chosen on this device. */
export const i18n = createI18n('staff', { es, en })
