import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useStaffSentence } from './staff-sentence.ts'

interface Attempt {
  isPending: boolean
  error: unknown
  data: { success: boolean } | undefined
}

/** Returns what a mutation failed with: the error that was thrown, or the refusal in its answer; else null. */
export function problemOf({ error, data }: Pick<Attempt, 'error' | 'data'>): unknown {
  if (error !== null) return error
  return data?.success === false ? data : null
}

/** A mutation's state as the props that a `FormDialog` takes. */
export function stateOf(attempt: Attempt): { isBusy: boolean; problem: unknown } {
  return { isBusy: attempt.isPending, problem: problemOf(attempt) }
}

/** A refusal or an error in one sentence. Empty for null, so that screen readers announce what appears later. */
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
