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
  /** As they stand now, empty for none. */
  notes: string
}

/**
 * The team's notes. What is sent says which notes its writer had read: words that a colleague wrote meanwhile are shown
 * beside one's own instead of being written over.
 */
export function Notes({ appointmentId, notes }: NotesProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const [read, setRead] = useState(notes)
  const [text, setText] = useState(notes)
  const [isTold, setTold] = useState(false)
  const save = useMutation(
    trpc.appointments.setNotes.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result) => {
        if (result.success) setRead(result.notes ?? '')
        setTold(!result.success && result.error === 'STALE_VERSION')
        await refresh()
      },
    }),
  )
  const isUntouched = text === read
  // A colleague's notes show at once where nobody is writing here.
  if (isUntouched && notes !== read && !save.isPending) {
    setRead(notes)
    setText(notes)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // who has been shown the other notes has read them
        save.mutate({ appointmentId, notes: text, expectedNotes: isTold ? notes : read })
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
            if (!isTold) save.reset()
          }}
        />
        {isTold ? (
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
