import { Alert, Button, Checkbox, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SlotOverride } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { timeOf } from '@vetcita/contracts/moment'
import { formatDate, formatMinutes, useLanguage, useTRPC } from '@vetcita/ui'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MoveRefusal } from '../../appointment/move-refusal.tsx'
import type { MoveTarget } from '../../appointment/move-target.ts'
import { WhyNot } from '../../appointment/why-not.tsx'
import { DateField } from '../../components/date-field.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { DialogFoot } from '../../components/dialog-foot.tsx'
import { TimeField } from '../../components/time-field.tsx'
import { useClinic } from '../../session/use-clinic.ts'
import { isWithinHours } from '../../time/opening.ts'
import { instantAt } from '../../time/wall-clock.ts'
import { FreeTimes, useFreeTimes } from './free-times.tsx'
import { faultsOf, type Patient } from './patient.ts'
import { PatientFields } from './patient-fields.tsx'
import { useFieldFocus } from './use-field-focus.ts'
import { type Booked, useStaffBooking } from './use-staff-booking.ts'

interface BookingDialogProps {
  /** The empty slot that was clicked; undefined parts are still to be chosen. */
  at: { vetId: string | undefined; date: string; time: string | undefined }
  onClose: () => void
  onBooked: (booked: Booked) => void
}

/** The vet select's value for no preference. */
const ANYONE = ''

/** Books a new appointment. The service determines its length. */
export function BookingDialog({ at, onClose, onBooked }: BookingDialogProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const trpc = useTRPC()
  const clinic = useClinic()
  const [patient, setPatient] = useState<Patient | null>(null)
  const [chosenService, setService] = useState<string | undefined>()
  const [chosenVet, setVet] = useState(at.vetId ?? ANYONE)
  const [date, setDate] = useState(at.date)
  const [time, setTime] = useState(at.time ?? '')
  // the instant of a free time that was clicked; if the clock repeats a time, typing it means the first one
  const [offered, setOffered] = useState<string | null>(null)
  // the rules that were set aside for this time
  const [overrides, setOverrides] = useState<SlotOverride[]>([])
  // remounts the time field on a click: it ignores a new value while another is half typed
  const [clicks, setClicks] = useState(0)
  const [reason, setReason] = useState('')
  const [isOutsideConfirmed, setOutsideConfirmed] = useState(false)
  const [tries, setTries] = useState(0)
  const form = useFieldFocus(patient?.kind, tries)
  const { send, problem, isPending, reset } = useStaffBooking(onBooked)
  const day = useQuery(trpc.appointments.day.queryOptions({ date })).data
  const service = clinic?.services.find(({ id }) => id === chosenService) ?? clinic?.services[0]
  const typed = time === '' || day?.date !== date ? null : instantAt(`${date}T${time}`, day)
  const startTime = offered ?? typed
  const free = useFreeTimes({
    serviceId: service?.id,
    vetId: chosenVet === ANYONE ? undefined : chosenVet,
    date,
  }).data
  const slot = free?.find((one) => startTime !== null && Date.parse(one.startTime) === Date.parse(startTime))
  const able = clinic?.vets.filter(({ id }) => service?.vetIds.length === 0 || service?.vetIds.includes(id))
  // with no preference, who is free then and has the turn; if nobody is, the refusal says so
  const vetId = chosenVet === ANYONE ? (slot?.vetId ?? able?.[0]?.id) : chosenVet
  const vetName = clinic?.vets.find(({ id }) => id === vetId)?.fullName ?? ''
  const isSkipped = time !== '' && day?.date === date && startTime === null
  const isOutside =
    time !== '' &&
    vetId !== undefined &&
    service !== undefined &&
    isWithinHours(day, { vetId, date, time, minutes: service.durationMinutes }) === false
  /** Applies a change, and drops messages about the choice before it. */
  const choose = (change: () => void) => {
    reset()
    setOutsideConfirmed(false)
    setOverrides([])
    change()
  }
  const book = (target: MoveTarget | null, extra?: { overrides: SlotOverride[]; reason: string }) => {
    if (patient === null || faultsOf(patient).size > 0 || service === undefined || target === null) {
      setTries((before) => before + 1)
      return
    }
    const anyVet = chosenVet === ANYONE
    const { vetId, startTime } = target
    send({ patient, serviceId: service.id, reason, overrides, anyVet, ...extra, vetId, startTime })
  }
  const typedTarget = vetId === undefined || startTime === null ? null : { vetId, startTime }
  const asked =
    typedTarget === null || service === undefined
      ? null
      : {
          ...typedTarget,
          serviceId: service.id,
          ...(patient?.kind === 'known' ? { petId: patient.pet.id } : {}),
        }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    book(typedTarget)
  }
  const override = (rule: SlotOverride, why: string) => {
    const all = [...new Set([...overrides, rule])]
    setOverrides(all)
    setReason(why)
    book(typedTarget, { overrides: all, reason: why })
  }
  return (
    <Dialog title={t('booking.title')} onClose={onClose} isLong isSticky>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack>
          <PatientFields
            patient={patient}
            isTried={tries > 0}
            onChange={(next) => {
              setTries(0)
              choose(() => setPatient(next))
            }}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <NativeSelect
              size="md"
              label={t('booking.service')}
              data-autofocus={patient?.kind === 'known' || undefined}
              value={service?.id}
              data={
                clinic?.services.map(({ id, name, durationMinutes }) => ({
                  value: id,
                  label: `${name} (${formatMinutes(durationMinutes)})`,
                })) ?? []
              }
              onChange={({ currentTarget }) => choose(() => setService(currentTarget.value))}
            />
            <NativeSelect
              size="md"
              label={t('booking.vet')}
              value={chosenVet}
              data={[
                { value: ANYONE, label: t('booking.anyone') },
                ...(clinic?.vets.map(({ id, fullName }) => ({ value: id, label: fullName })) ?? []),
              ]}
              onChange={({ currentTarget }) => choose(() => setVet(currentTarget.value))}
            />
            <DateField
              label={t('booking.date')}
              value={date}
              {...(day === undefined ? {} : { minDate: day.today })}
              onChange={(next) =>
                choose(() => {
                  setDate(next)
                  setOffered(null)
                })
              }
            />
            <TimeField
              key={clicks}
              label={t('booking.time')}
              description={
                time === '' || service === undefined
                  ? null
                  : t('booking.length', { length: formatMinutes(service.durationMinutes) })
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={time}
              error={
                isSkipped
                  ? t('move.missingHour')
                  : tries > 0 && startTime === null
                    ? t('booking.timeMissing')
                    : null
              }
              onChange={(next) =>
                choose(() => {
                  setTime(next)
                  setOffered(null)
                })
              }
            />
          </SimpleGrid>
          {service === undefined ? null : (
            <FreeTimes
              serviceId={service.id}
              vetId={chosenVet === ANYONE ? undefined : chosenVet}
              date={date}
              selected={startTime}
              onSelect={(slot) =>
                choose(() => {
                  setTime(timeOf(slot.startTime))
                  setOffered(slot.startTime)
                  setClicks((before) => before + 1)
                })
              }
            />
          )}
          {asked === null || problem !== null ? null : <WhyNot asked={asked} />}
          <TextInput
            label={t('booking.reason')}
            value={reason}
            maxLength={limits.appointmentReason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <DialogFoot
            buttons={
              <>
                <Button variant="default" onClick={onClose} disabled={isPending}>
                  {t('office.cancel')}
                </Button>
                <Button type="submit" loading={isPending} disabled={isOutside && !isOutsideConfirmed}>
                  {t('booking.confirm')}
                </Button>
              </>
            }
          >
            {isOutside ? (
              <Alert color="orange" role="status">
                <Checkbox
                  checked={isOutsideConfirmed}
                  label={t('booking.outside', { time, date: formatDate(date, 'short', language) })}
                  onChange={({ currentTarget }) => setOutsideConfirmed(currentTarget.checked)}
                />
              </Alert>
            ) : null}
            <MoveRefusal
              problem={problem}
              vets={clinic?.vets ?? []}
              isBusy={isPending}
              onTry={(target) => {
                setOverrides([])
                book(target, { overrides: [], reason })
              }}
              asked={asked}
              override={{
                action: 'book',
                pet: patient?.kind === 'known' ? patient.pet.name : (patient?.petName ?? ''),
                time,
                vet: vetName,
                reason,
                onOverride: override,
              }}
            />
          </DialogFoot>
        </Stack>
      </form>
    </Dialog>
  )
}
