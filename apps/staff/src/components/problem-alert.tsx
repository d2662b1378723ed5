import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useStaffSentence } from './staff-sentence.ts'

interface Attempt {
  error: unknown
  data: { success: boolean } | undefined
}

/** What a mutation came to grief by: the error that it threw, or the refusal that it was answered with; else null. */
export function problemOf({ error, data }: Attempt): unknown {
  if (error !== null) return error
  return data?.success === false ? data : null
}

/** A refusal or an error in one sentence; nothing where there is none. */
export function ProblemAlert({ problem }: { problem: unknown }) {
  const sentence = useStaffSentence()
  return (
    <div role="alert">
      {problem === null || problem === undefined ? null : (
        <Alert role="group" color="red" icon={<IconAlertCircle aria-hidden />}>
          {sentence(problem)}
        </Alert>
      )}
    </div>
  )
}
