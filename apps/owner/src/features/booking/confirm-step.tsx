import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertCircle, IconCalendarOff } from '@tabler/icons-react'
import type { BookResult, Slot } from '@vetcita/contracts'
import { type ErrorCode, isRetryable, useErrorSentence } from '@vetcita/ui'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic, useLongDate, useStanding } from '../../lib/clinic.tsx'
import { ButtonLink } from '../../lib/links.tsx'
import { SignInPanel } from '../../lib/sign-in-panel.tsx'
import { newKey, type Step, withSlot } from './choice.ts'
import { Summary } from './summary.tsx'
import { useBook } from './use-book.ts'
import { useChoice } from './use-choice.ts'

/** The last look, signing in where needed, and the one press that books. */
export function ConfirmStep() {
  const { t } = useTranslation('owner')
  const standing = useStanding()
  return (
    <Stack>
      {standing === 'visitor' ? (
        <>
          <div className="vc-surface" style={{ padding: '1rem' }}>
            <Summary />
          </div>
          <Text>{t('booking.confirm.account')}</Text>
          <div className="vc-surface" style={{ padding: '1rem' }}>
            <SignInPanel startWith="signUp" />
          </div>
        </>
      ) : (
        <Confirm />
      )}
    </Stack>
  )
}

function Confirm() {
  const { t } = useTranslation('owner')
  const { choice, go, amend } = useChoice()
  const [reason, setReason] = useState(choice.reason ?? '')
  const keepReason = () => amend(({ reason: _, ...now }) => (reason === '' ? now : { ...now, reason }))
  const book = useBook((pet) => amend(({ petName: _, petSpecies: __, ...now }) => ({ ...now, pet })))
  const submit = async () => {
    const result = await book.mutateAsync({ choice, reason })
    if (!result.success) {
      // The key has done its work: what is confirmed after reading this is a new intent.
      if (result.error === 'IDEMPOTENCY_KEY_REUSED') await amend((now) => ({ ...now, key: newKey() }))
      return
    }
    await go((now) => ({
      ...now,
      booked: result.appointmentId,
      at: `${result.localDate}T${result.localTime}`,
    }))
  }
  const isTaken = book.data?.success === false && book.data.error === 'SLOT_UNAVAILABLE'
  const pick = (slot: Slot) => {
    book.reset()
    return amend((now) => withSlot(now, slot))
  }
  const goTo = (step: Step) => {
    book.reset()
    return go((now) => ({ ...now, step }))
  }
  return (
    <>
      <div className="vc-surface" style={{ padding: '1rem' }}>
        <Summary isLocked={book.isPending} />
      </div>
      <Textarea
        label={t('booking.confirm.reason')}
        description={t('booking.confirm.reasonHint')}
        value={reason}
        maxLength={500}
        autosize
        minRows={2}
        disabled={book.isPending}
        onChange={(event) => setReason(event.currentTarget.value)}
        onBlur={keepReason}
      />
      <Outcome error={book.error} result={book.data} onPick={pick} onGoTo={goTo} />
      {isTaken ? null : (
        <Button size="lg" loading={book.isPending} onClick={() => submit().catch(() => undefined)}>
          {t('booking.confirm.submit')}
        </Button>
      )}
      <Text size="sm" c="dimmed" ta="center" mih="1.5em" role="status">
        {book.isPending
          ? t(book.failureCount > 0 ? 'booking.confirm.retrying' : 'booking.confirm.sending')
          : ''}
      </Text>
    </>
  )
}

interface OutcomeProps {
  error: unknown
  result: BookResult | undefined
  onPick: (slot: Slot) => void
  onGoTo: (step: Step) => void
}

/** Why nothing was booked (or why nobody knows), with the next step as a button. */
function Outcome({ error, result, onPick, onGoTo }: OutcomeProps) {
  const { t } = useTranslation('owner')
  const sentence = useErrorSentence()
  if (error !== null && error !== undefined) {
    const isUnknown = isRetryable(error)
    return (
      <Problem title={t(isUnknown ? 'booking.confirm.unknown' : 'booking.confirm.failed')}>
        <Text size="sm">{isUnknown ? t('booking.confirm.unknownHint') : sentence(error)}</Text>
      </Problem>
    )
  }
  if (result === undefined || result.success) return null
  if (result.error === 'SLOT_UNAVAILABLE') {
    return <Taken suggestions={result.suggestions} onPick={onPick} onGoTo={onGoTo} />
  }
  if (result.error === 'IDEMPOTENCY_KEY_REUSED') return <MaybeBooked />
  const step = STEP_TO_MEND[result.error]
  return (
    <Problem title={t('booking.confirm.failed')}>
      <Text size="sm">{sentence(result)}</Text>
      {step === undefined ? null : (
        <Button variant="default" size="sm" onClick={() => onGoTo(step)}>
          {t('booking.changeField', { field: t(`booking.${step}.field`) })}
        </Button>
      )}
    </Problem>
  )
}

const STEP_TO_MEND: Partial<Record<ErrorCode, Exclude<Step, 'confirm'>>> = {
  PET_NOT_FOUND: 'pet',
  SERVICE_NOT_FOUND: 'service',
  INVALID_DURATION: 'service',
  VET_NOT_FOUND: 'vet',
  VET_AWAY: 'time',
  OUTSIDE_HOURS: 'time',
  INVALID_TIME: 'time',
}

function Problem({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />} title={title}>
      <Stack gap="sm" align="flex-start">
        {children}
      </Stack>
    </Alert>
  )
}

function MaybeBooked() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Problem title={t('booking.confirm.unknown')}>
      <Text size="sm">{t('booking.confirm.alreadyMade')}</Text>
      <ButtonLink
        to="/$clinic/portal/appointments"
        params={{ clinic: clinic.id }}
        variant="default"
        size="sm"
      >
        {t('booking.confirm.seeAppointments')}
      </ButtonLink>
    </Problem>
  )
}

interface TakenProps extends Pick<OutcomeProps, 'onPick' | 'onGoTo'> {
  suggestions: readonly Slot[]
}

function Taken({ suggestions, onPick, onGoTo }: TakenProps) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const date = useLongDate()
  const { choice } = useChoice()
  return (
    <Alert
      role="alert"
      color="orange"
      icon={<IconCalendarOff aria-hidden />}
      title={t('booking.confirm.taken')}
    >
      <Stack gap="sm">
        <Text size="sm">
          {t(
            suggestions.length === 0 ? 'booking.confirm.takenNoOptions' : 'booking.confirm.takenWithOptions',
          )}
        </Text>
        <Group gap="xs">
          {suggestions.map((slot) => (
            <Button
              key={`${slot.startTime} ${slot.vetId}`}
              variant="default"
              size="sm"
              h="auto"
              py="xs"
              onClick={() => onPick(slot)}
            >
              <Stack gap={0}>
                <span className="vc-capital">
                  {t('booking.confirm.suggestion', { date: date(slot.localDate), time: slot.localTime })}
                </span>
                {slot.vetId === choice.with ? null : (
                  <Text span size="xs" c="dimmed">
                    {clinic.vets.find(({ id }) => id === slot.vetId)?.fullName}
                  </Text>
                )}
              </Stack>
            </Button>
          ))}
        </Group>
        <Button variant="subtle" color="orange" size="sm" onClick={() => onGoTo('time')}>
          {t('booking.confirm.otherTime')}
        </Button>
      </Stack>
    </Alert>
  )
}
