import { Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TimeOff } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { useSpan } from './time-off-card.tsx'

/** Asks before somebody can be booked again. */
export function RemoveTimeOffDialog({ off, onClose }: { off: TimeOff; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const span = useSpan(off)
  const remove = useMutation(
    trpc.settings.removeTimeOff.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.settings.timeOff.pathKey() })
        // calendars shade it
        await queryClient.invalidateQueries({ queryKey: trpc.appointments.pathKey() })
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={t('timeOff.removeTitle', { vet: off.vet.fullName })}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault()
        remove.mutate({ timeOffId: off.id })
      }}
      action={t('timeOff.removeIt')}
      isBusy={remove.isPending}
      problem={remove.error}
      isGrave
    >
      <Text className="vc-capital" fw={600}>
        {span}
      </Text>
      <Text>{t('timeOff.removeText')}</Text>
    </FormDialog>
  )
}
