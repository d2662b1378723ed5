import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useErrorSentence } from '@vetcita/ui'

/** Explains a refusal or an error in one sentence; renders nothing for null or undefined. */
export function ProblemAlert({ problem }: { problem: unknown }) {
  const sentence = useErrorSentence()
  if (problem === null || problem === undefined) return null
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />}>
      {sentence(problem)}
    </Alert>
  )
}
