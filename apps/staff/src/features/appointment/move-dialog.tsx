import { Alert, Button, NativeSelect, Stack, Switch, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { DayAppointment, RescheduleSuccess, ScheduleResult, SlotOverride } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, retryLostConnection, useLanguage, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MoveRefusal } from '../../appointment/move-refusal.tsx'
import type { MoveTarget } from '../../appointment/move-target.ts'
import { useRefreshSchedule } from '../../appointment/use-schedule.ts'
import { askedAbout, WhyNot } from '../../appointment/why-not.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { DialogFoot } from '../../components/dialog-foot.tsx'
import { problemOf } from '../../components/problem-alert.tsx'
import { useVets } from '../../session/use-clinic.ts'
import { ManualTime } from './manual-time.tsx'
import { MoveSlots } from './move-slots.tsx'

interface MoveDialogProps {
  /** The current appointment, or as it was last seen if it has left the day. */
  appointment: DayAppointment
  /** It is no longer in the schedule, for example because a colleague moved it to another day. */
  hasLeft: boolean
  schedule: ScheduleResult
  onClose: () => void
  onMoved: (result: RescheduleSuccess) => void
}

/**
 * Moves an appointment to another time, another vet, or both. After a refusal the choice stays, and the nearest free
 * times are offered.
 */
export function MoveDialog({ appointment, hasLeft, schedule, onClose, onMoved }: MoveDialogProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [vetId, setVetId] = useState(appointment.vet.id)
  const [isManual, setManual] = useState(false)
  const [target, setTarget] = useState<MoveTarget | null>(null)
  // what the last attempt asked for: the choice, or a suggestion
  const [tried, setTried] = useState<MoveTarget | null>(null)
  const [overrides, setOverrides] = useState<SlotOverride[]>([])
  const vets = useVets(schedule)
  const { move, problem, isPending, reset } = useMove(appointment, onMoved)
  const canMove = appointment.canMove && !hasLeft
  const choose = (next: MoveTarget | null) => {
    reset()
    setTarget(next)
  }
  const attempt = (to: MoveTarget, setAside: SlotOverride[]) => {
    setTried(to)
    setOverrides(setAside)
    move(to, setAside)
  }
  return (
    <Dialog title={t('move.title', { pet: appointment.pet.name })} onClose={onClose} isLong>
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
            // a typed time applies to any vet; an offered one was free for the vet before
            choose(isManual && target !== null ? { ...target, vetId: currentTarget.value } : null)
          }}
        />
        <Switch
          size="md"
          label={t('move.manual')}
          description={t('move.manualHint')}
          checked={isManual}
          onChange={({ currentTarget }) => {
            setManual(currentTarget.checked)
            choose(null)
          }}
        />
        {isManual ? (
          <>
            <ManualTime appointment={appointment} schedule={schedule} vetId={vetId} onChange={choose} />
            {target === null || problem !== null ? null : <WhyNot asked={askedAbout(appointment, target)} />}
          </>
        ) : (
          <MoveSlots
            appointment={appointment}
            schedule={schedule}
            vetId={vetId}
            target={target}
            onChange={choose}
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
                onClick={() => target !== null && attempt(target, [])}
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
            <MoveRefusal
              problem={problem}
              vets={vets}
              isBusy={isPending}
              onTry={(to) => attempt(to, [])}
              asked={tried === null ? null : askedAbout(appointment, tried)}
              override={{
                action: 'move',
                pet: appointment.pet.name,
                time: tried === null ? '' : timeOf(tried.startTime),
                vet: vets.find(({ id }) => id === tried?.vetId)?.fullName ?? '',
                reason: appointment.reason ?? '',
                isReasonFixed: true,
                onOverride: (rule) => tried !== null && attempt(tried, [...new Set([...overrides, rule])]),
              }}
            />
          )}
        </DialogFoot>
      </Stack>
    </Dialog>
  )
}

/**
 * Sends the move, and repeats it on a lost connection: if the first one arrived, the second is a replay. It expects the
 * version that the dialog was opened with, so that a colleague's change in the meantime is shown before it can be
 * overwritten. Only after that refusal does it expect the current version.
 */
function useMove(appointment: DayAppointment, onMoved: (result: RescheduleSuccess) => void) {
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const [opened] = useState(appointment.version)
  const [hasSeenChange, setHasSeenChange] = useState(false)
  const reschedule = useMutation(
    trpc.appointments.reschedule.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result) => {
        await refresh()
        if (result.success) onMoved(result)
        else if (result.error === 'STALE_VERSION') setHasSeenChange(true)
      },
      onError: refresh,
    }),
  )
  return {
    move: (to: MoveTarget, overrides: SlotOverride[]) =>
      reschedule.mutate({
        appointmentId: appointment.id,
        newStartTime: to.startTime,
        overrides,
        expectedVersion: hasSeenChange ? appointment.version : opened,
        ...(to.vetId === appointment.vet.id ? {} : { newVetId: to.vetId }),
      }),
    problem: problemOf(reschedule),
    isPending: reschedule.isPending,
    reset: reschedule.reset,
  }
}
