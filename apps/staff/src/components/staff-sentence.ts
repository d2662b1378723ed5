import { errorCode, useErrorSentence } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { es } from '../i18n/es.ts'

type OwnCode = keyof typeof es.errors

const hasOwnSentence = (code: string): code is OwnCode => Object.hasOwn(es.errors, code)

/**
 * Returns a function that explains a refusal or an error in one sentence. The staff app has its own sentences for codes
 * whose shared one is written for pet owners ("the clinic changed this appointment").
 */
export function useStaffSentence(): (problem: unknown) => string {
  const { t } = useTranslation('staff')
  const shared = useErrorSentence()
  return (problem) => {
    const code = errorCode(problem)
    return hasOwnSentence(code) ? t(`errors.${code}`) : shared(problem)
  }
}
