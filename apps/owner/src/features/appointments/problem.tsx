import { Alert, Text } from '@mantine/core'
import { IconAlertCircle, IconRefreshAlert } from '@tabler/icons-react'
import { useErrorSentence } from '@vetcita/ui'

/** Why a change was refused or failed. */
export function Problem({ problem }: { problem: unknown }) {
  const sentence = useErrorSentence()
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />}>
      {sentence(problem)}
    </Alert>
  )
}

/** The clinic was quicker: what the appointment is now, and the question again. */
export function Stale({ title, text }: { title: string; text: string }) {
  return (
    <Alert role="alert" color="orange" icon={<IconRefreshAlert aria-hidden />} title={title}>
      <Text size="sm">{text}</Text>
    </Alert>
  )
}
