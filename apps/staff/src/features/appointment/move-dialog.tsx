import { Alert, Button, Modal, NativeSelect, Stack, Switch, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import type { DayAppointment, RescheduleSuccess, ScheduleResult } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, retryLostConnection, useLanguage, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MoveRefusal } from '../../appointment/move-refusal.tsx'
import type { MoveTarget } from '../../appointment/move-target.ts'
import { useRefreshSchedule } from '../../appointment/use-schedule.ts'
import { useFocusBack } from '../../components/dialog.tsx'
import { DialogFoot } from '../../components/dialog-foot.tsx'
import { useVets } from '../../session/use-clinic.ts'
import { ManualTime } from './manual-time.tsx'
import { MoveSlots } from './move-slots.tsx'

interface MoveDialogProps {
  /** As it is now; as it was last seen, where it has left the day. */
  appointment: DayAppointment
  /** A colleague moved it to another day, or it is gone altogether. */
  hasLeft: boolean
  schedule: ScheduleResult
  onClose: () => void
  onMoved: (result: RescheduleSuccess) => void
}

/**
 * Another time, another vet, or both. A refusal is explained and the nearest free times are one tap away; nothing
 * that was chosen is lost by it.
 */
export function MoveDialog({ appointment, hasLeft, schedule, onClose, onMoved }: MoveDialogProps) {
  const { t } = useTranslation(['staff', 'ui'])
  useFocusBack()
  const language = useLanguage()
  const isNarrow = useMediaQuery('(max-width: 36em)')
  const [vetId, setVetId] = useState(appointment.vet.id)
  const [isManual, setManual] = useState(false)
  const [target, setTarget] = useState<MoveTarget | null>(null)
  const vets = useVets(schedule)
  const { move, problem, isPending, forget } = useMove(appointment, onMoved)
  const canMove = appointment.canMove && !hasLeft
  const aim = (next: MoveTarget | null) => {
    forget()
    setTarget(next)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('move.title', { pet: appointment.pet.name })}
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
      fullScreen={isNarrow}
      size="lg"
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t('move.current', {
            date: formatDate(dateOf(appointment.startTime), 'long', language),
            time: timeOf(appointment.startTime),
            vet: appointment.vet.fullName ?? '',
          })}
        </Text>
        <NativeSelect
          size="md"
          label={t('move.vet')}
          value={vetId}
          data={vets.map(({ id, fullName }) => ({ value: id, label: fullName }))}
          onChange={({ currentTarget }) => {
            setVetId(currentTarget.value)
            // a time typed by hand is meant for whoever is chosen; an offered one was one vet's
            aim(isManual && target !== null ? { ...target, vetId: currentTarget.value } : null)
          }}
        />
        <Switch
          size="md"
          label={t('move.manual')}
          description={t('move.manualHint')}
          checked={isManual}
          onChange={({ currentTarget }) => {
            setManual(currentTarget.checked)
            aim(null)
          }}
        />
        {isManual ? (
          <ManualTime appointment={appointment} schedule={schedule} vetId={vetId} onChange={aim} />
        ) : (
          <MoveSlots
            appointment={appointment}
            schedule={schedule}
            vetId={vetId}
            target={target}
            onChange={aim}
          />
        )}
        <DialogFoot
          buttons={
            <>
              <Button variant="default" onClick={onClose}>
                {t('move.keep')}
              </Button>
              <Button
                disabled={target === null || !canMove}
                loading={isPending}
                onClick={() => target !== null && move(target)}
              >
                {!canMove
                  ? t('move.locked')
                  : target === null
                    ? t('move.choose')
                    : t('move.confirm', {
                        date: formatDate(dateOf(target.startTime), 'short', language),
                        time: timeOf(target.startTime),
                      })}
              </Button>
            </>
          }
        >
          {hasLeft ? (
            <Alert role="alert" color="orange">
              {t('move.gone')}
            </Alert>
          ) : (
            <MoveRefusal problem={problem} vets={vets} isBusy={isPending} onTry={move} />
          )}
        </DialogFoot>
      </Stack>
    </Modal>
  )
}

/**
 * Sends the move, again on a lost connection: where the first one had arrived, the second is its replay. It expects the
 * version that the dialog opened with: a colleague's change meanwhile is told before it can be overwritten, and only
 * who has been told moves what is there now.
 */
function useMove(appointment: DayAppointment, onMoved: (result: RescheduleSuccess) => void) {
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const [opened] = useState(appointment.version)
  const [isTold, setTold] = useState(false)
  const reschedule = useMutation(
    trpc.appointments.reschedule.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result) => {
        await refresh()
        if (result.success) onMoved(result)
        else if (result.error === 'STALE_VERSION') setTold(true)
      },
      onError: refresh,
    }),
  )
  const refusal = reschedule.data?.success === false ? reschedule.data : null
  return {
    move: (to: MoveTarget) =>
      reschedule.mutate({
        appointmentId: appointment.id,
        newStartTime: to.startTime,
        expectedVersion: isTold ? appointment.version : opened,
        ...(to.vetId === appointment.vet.id ? {} : { newVetId: to.vetId }),
      }),
    problem: refusal ?? reschedule.error,
    isPending: reschedule.isPending,
    forget: reschedule.reset,
  }
}
