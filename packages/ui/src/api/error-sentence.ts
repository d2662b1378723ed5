import { useTranslation } from 'react-i18next'
import { errorCode } from './error-code.ts'

/** Returns a function that explains a refusal, API error or lost connection in one sentence of the user's language. */
export function useErrorSentence(): (problem: unknown) => string {
  const { t } = useTranslation('ui')
  return (problem) => t(`errors.${errorCode(problem)}`)
}
