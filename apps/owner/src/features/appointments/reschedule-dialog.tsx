import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useMediaQuery, useMounted } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AppointmentView, Slot } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { addDays, LOST_CONNECTION_TRIES, retryLostConnection, SlotPicker, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NoticeRule } from '../../appointment/notice-rule.tsx'
import { useWeekOfSlots } from '../../appointment/use-week-of-slots.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useClinic, useLongDate } from '../../session/clinic.tsx'
import type { DialogProps } from './dialog-props.ts'
import { Gone, Stale } from './problem.tsx'

/** Moves an appointment, with the same picker as a booking. */
export function RescheduleDialog({ appointment, isOpen, onClose, onDone }: DialogProps) {
  const { t } = useTranslation(['owner', 'ui'])
  // Mounted closed, however late it loads: on closing it returns the focus to what had it when it opened.
  const isMounted = useMounted()
  const isPhone = useMediaQuery('(max-width: 40em)') ?? false
  return (
    <Modal
      opened={isOpen && isMounted}
      onClose={onClose}
      title={t('owner:reschedule.title')}
      size="lg"
      fullScreen={isPhone}
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
    >
      {appointment === undefined ? null : (
        <Move key={appointment.id} appointment={appointment} onDone={onDone} />
      )}
    </Modal>
  )
}

/** Returns the first day of the week, counted from today, that contains a date. */
function weekOf(date: string, today: string): string {
  let week = today
  while (addDays(week, 7) <= date) week = addDays(week, 7)
  return week
}

function useMove() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation(
    trpc.appointments.reschedule.mutationOptions({
      ...retryLostConnection,
      onSettled: async () => {
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: trpc.appointments.pathKey() }),
          queryClient.invalidateQueries({ queryKey: trpc.slots.available.queryKey() }),
        ])
      },
    }),
  )
}

function Move({ appointment, onDone }: { appointment: AppointmentView; onDone: (sentence: string) => void }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const date = useLongDate()
  const move = useMove()
  const [week, setWeek] = useState(weekOf(dateOf(appointment.startTime), clinic.today))
  const [day, setDay] = useState<string | undefined>(dateOf(appointment.startTime))
  const [withVet, setWithVet] = useState<'same' | 'any'>('same')
  const [slot, setSlot] = useState<Slot | undefined>(undefined)
  const times = useWeekOfSlots(week, {
    appointmentId: appointment.id,
    ...(withVet === 'same' ? { vetId: appointment.vet.id } : {}),
  })
  const vetName = (id: string) => clinic.vets.find((vet) => vet.id === id)?.fullName ?? t('appointments.aVet')
  const choose = (next: Slot | undefined) => {
    setSlot(next)
    move.reset()
  }
  const submit = async (to: Slot) => {
    const result = await move.mutateAsync({
      appointmentId: appointment.id,
      newStartTime: to.startTime,
      newVetId: to.vetId,
      expectedVersion: appointment.version,
      anyVet: withVet === 'any',
    })
    if (!result.success) return
    const moved = t('reschedule.done', {
      date: date(dateOf(result.newStartTime)),
      time: timeOf(result.newStartTime),
    })
    const mustConfirm = appointment.status === 'confirmed' && result.status === 'scheduled'
    onDone(mustConfirm ? `${moved} ${t('reschedule.reconfirm')}` : moved)
  }
  const refusal = move.data?.success === false ? move.data : undefined
  const problem = move.error ?? (refusal?.error === 'STALE_VERSION' ? undefined : refusal)
  if (!appointment.canMove && !move.isPending && move.data?.success !== true) {
    return <Gone title={t('reschedule.gone')} appointment={appointment} />
  }
  return (
    <Stack>
      <div>
        <Text fw={600}>
          {t('reschedule.nowWith', {
            date: date(dateOf(appointment.startTime)),
            time: timeOf(appointment.startTime),
            vet: vetName(appointment.vet.id),
          })}
        </Text>
        <NoticeRule />
      </div>
      <SegmentedControl
        fullWidth
        aria-label={t('reschedule.vet')}
        value={withVet}
        data={[
          { value: 'same', label: t('reschedule.sameVet', { vet: vetName(appointment.vet.id) }) },
          { value: 'any', label: t('reschedule.anyVet') },
        ]}
        onChange={(value) => {
          setWithVet(value === 'any' ? 'any' : 'same')
          choose(undefined)
        }}
      />
      <SlotPicker
        week={week}
        today={clinic.today}
        timeZone={clinic.timeZone}
        day={day}
        {...times}
        selected={slot?.startTime}
        current={appointment.startTime}
        headingOrder={3}
        onWeekChange={(next) => {
          setWeek(next)
          setDay(undefined)
        }}
        onDayChange={setDay}
        onSelect={choose}
      />
      <Stack className="dialog-foot" gap="xs">
        {refusal?.error === 'STALE_VERSION' ? (
          <Stale
            title={t('reschedule.stale')}
            text={t('reschedule.staleNow', {
              date: date(dateOf(appointment.startTime)),
              time: timeOf(appointment.startTime),
              vet: vetName(appointment.vet.id),
            })}
          />
        ) : null}
        <ProblemAlert problem={problem} />
        {refusal?.error === 'SLOT_UNAVAILABLE' ? (
          <Group gap="xs">
            {refusal.suggestions.map((other) => (
              <Button
                key={`${other.startTime} ${other.vetId}`}
                variant="default"
                size="sm"
                onClick={() => choose(other)}
              >
                {t('booking.confirm.suggestion', {
                  date: date(dateOf(other.startTime)),
                  time: timeOf(other.startTime),
                })}
              </Button>
            ))}
          </Group>
        ) : null}
        <Text size="sm" mih="1.5em" role="status">
          {move.isPending
            ? move.failureCount > 0
              ? t('reschedule.retrying', { number: move.failureCount + 1, total: LOST_CONNECTION_TRIES })
              : t('reschedule.sending')
            : slot === undefined
              ? t('reschedule.pick')
              : t('reschedule.chosen', {
                  date: date(dateOf(slot.startTime)),
                  time: timeOf(slot.startTime),
                  vet: vetName(slot.vetId),
                })}
        </Text>
        <Button
          fullWidth
          disabled={slot === undefined}
          loading={move.isPending}
          onClick={() => (slot === undefined ? undefined : submit(slot).catch(() => undefined))}
        >
          {t('reschedule.submit')}
        </Button>
      </Stack>
    </Stack>
  )
}
