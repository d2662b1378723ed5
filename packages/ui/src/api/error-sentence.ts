import { useTranslation } from 'react-i18next'
import { errorCode } from './error-code.ts'

/** A function that says any refusal, API error or lost connection in one sentence of the user's language. */
export function useErrorSentence(): (problem: unknown) => string {
  const { t } = useTranslation('ui')
  return (problem) => t(`errors.${errorCode(problem)}`)
}
