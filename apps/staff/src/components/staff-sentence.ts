import { errorCode, useErrorSentence } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { es } from '../i18n/es.ts'

type OwnCode = keyof typeof es.errors

const hasOwnSentence = (code: string): code is OwnCode => Object.hasOwn(es.errors, code)

/**
 * As the shared catalogue's sentences, in the clinic's own words where those speak to an owner ("the clinic changed
 * this appointment" is no news to the clinic).
 */
export function useStaffSentence(): (problem: unknown) => string {
  const { t } = useTranslation('staff')
  const shared = useErrorSentence()
  return (problem) => {
    const code = errorCode(problem)
    return hasOwnSentence(code) ? t(`errors.${code}`) : shared(problem)
  }
}
