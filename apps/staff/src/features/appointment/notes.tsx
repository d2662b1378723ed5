import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { limits } from '@vetcita/contracts/limits'
import { retryLostConnection, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefreshSchedule } from '../../appointment/use-schedule.ts'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'

interface NotesProps {
  appointmentId: string
  /** The current notes, empty for none. */
  notes: string
}

/**
 * Staff's notes on an appointment. Saving states which notes the writer had seen, so that a colleague's change in the
 * meantime is shown next to the writer's text instead of being overwritten.
 */
export function Notes({ appointmentId, notes }: NotesProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const [seen, setSeen] = useState(notes)
  const [text, setText] = useState(notes)
  const [isStale, setStale] = useState(false)
  const save = useMutation(
    trpc.appointments.setNotes.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result) => {
        if (result.success) setSeen(result.notes ?? '')
        setStale(!result.success && result.error === 'STALE_VERSION')
        await refresh()
      },
    }),
  )
  const isUntouched = text === seen
  // show a colleague's notes at once unless the user is writing
  if (isUntouched && notes !== seen && !save.isPending) {
    setSeen(notes)
    setText(notes)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // after a refusal the other notes are on screen
        save.mutate({ appointmentId, notes: text, expectedNotes: isStale ? notes : seen })
      }}
    >
      <Stack gap="xs">
        <Textarea
          label={t('card.notes')}
          description={t('drawer.notesHint')}
          value={text}
          maxLength={limits.appointmentNotes}
          autosize
          minRows={2}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value)
            if (!isStale) save.reset()
          }}
        />
        {isStale ? (
          <Alert role="alert" color="orange">
            <Text size="sm">{t('drawer.notesStale')}</Text>
            <Text size="sm" fw={600} mt="xs">
              {t('drawer.theirNotes')}
            </Text>
            <Text size="sm" className="vs-written">
              {notes}
            </Text>
          </Alert>
        ) : (
          <ProblemAlert problem={problemOf({ error: save.error, data: save.data })} />
        )}
        <Group justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {save.data?.success && isUntouched ? t('drawer.notesSaved') : null}
          </Text>
          {isUntouched ? null : (
            <Button type="submit" size="sm" variant="default" loading={save.isPending}>
              {t('drawer.saveNotes')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
