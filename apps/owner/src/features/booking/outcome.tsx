import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconCalendarOff, IconCalendarSearch } from '@tabler/icons-react'
import type { BookResult, Slot } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { type ErrorCode, useErrorSentence, useSession } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../components/links.tsx'
import { useClinic, useLongDate } from '../../session/clinic.tsx'
import { ResendConfirmation } from '../../session/resend-confirmation.tsx'
import type { Step } from './choice.ts'
import { useTermsInWords } from './terms.tsx'
import type { Terms } from './use-book.ts'
import { useChoice } from './use-choice.ts'

interface OutcomeProps {
  error: unknown
  result: BookResult | undefined
  /** What the page showed when it was sent. */
  shown: Terms | undefined
  /** If every answer got lost: the state of the search for the booking. */
  lookup: 'pending' | 'absent' | 'failed' | undefined
  onPick: (slot: Slot) => void
  onGoTo: (step: Step) => void
}

/** Explains why nothing was booked, or that the outcome is unknown, with the next step as a button. */
export function Outcome({ error, result, shown, lookup, onPick, onGoTo }: OutcomeProps) {
  const { t } = useTranslation('owner')
  const sentence = useErrorSentence()
  if (lookup !== undefined) return <Lost lookup={lookup} />
  if (error !== null && error !== undefined) {
    return (
      <Problem title={t('booking.confirm.failed')}>
        <Text size="sm">{sentence(error)}</Text>
      </Problem>
    )
  }
  if (result === undefined || result.success) return null
  if ('suggestions' in result) return <Taken refusal={result} onPick={onPick} onGoTo={onGoTo} />
  if (result.error === 'SERVICE_CHANGED') return <Changed shown={shown} now={result} />
  if (result.error === 'LIMIT_REACHED') return <Full />
  const step = STEP_TO_FIX[result.error]
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

const STEP_TO_FIX: Partial<Record<ErrorCode, Exclude<Step, 'confirm'>>> = {
  PET_NOT_FOUND: 'pet',
  SERVICE_NOT_FOUND: 'service',
  INVALID_DURATION: 'service',
  VET_NOT_FOUND: 'vet',
  VET_DOES_NOT_OFFER: 'vet',
  DESK_ONLY: 'service',
  TOO_SOON: 'time',
  TOO_FAR: 'time',
  PET_BUSY: 'time',
  OUTSIDE_HOURS: 'time',
  INVALID_TIME: 'time',
}

/** The service is not what the page showed: what it was and what it is; the button below confirms it. */
function Changed({ shown, now }: { shown: Terms | undefined; now: Terms }) {
  const { t } = useTranslation('owner')
  const words = useTermsInWords()
  return (
    <Alert
      role="alert"
      color="orange"
      icon={<IconAlertCircle aria-hidden />}
      title={t('booking.confirm.changed')}
    >
      {shown === undefined ? null : (
        <Text size="sm">{t('booking.confirm.changedFrom', { terms: words(shown) })}</Text>
      )}
      <Text size="sm" fw={600}>
        {t('booking.confirm.changedTo', { terms: words(now) })}
      </Text>
      <Text size="sm" mt={4}>
        {t('booking.confirm.changedAgain')}
      </Text>
    </Alert>
  )
}

/** The owner has as many appointments as the clinic allows, of which an unconfirmed address may allow one only. */
function Full() {
  const { t } = useTranslation('owner')
  const sentence = useErrorSentence()
  const clinic = useClinic()
  const { user } = useSession()
  return (
    <Problem title={t('booking.confirm.failed')}>
      <Text size="sm">{sentence({ error: 'LIMIT_REACHED' })}</Text>
      {user?.emailVerified === false ? (
        <>
          <Text size="sm">{t('booking.confirm.limitUnconfirmed', { email: user.email })}</Text>
          <ResendConfirmation email={user.email} />
        </>
      ) : null}
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

function Problem({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />} title={title}>
      <Stack gap="sm" align="flex-start">
        {children}
      </Stack>
    </Alert>
  )
}

/** If every answer got lost: the search is running, has shown that nothing was booked, or has failed. */
function Lost({ lookup }: { lookup: 'pending' | 'absent' | 'failed' }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  if (lookup === 'absent') {
    return (
      <Problem title={t('booking.confirm.absent')}>
        <Text size="sm">{t('booking.confirm.absentHint')}</Text>
      </Problem>
    )
  }
  if (lookup === 'pending') {
    return (
      <Alert
        role="alert"
        color="orange"
        icon={<IconCalendarSearch aria-hidden />}
        title={t('booking.confirm.unknown')}
      >
        <Text size="sm">{t('booking.confirm.looking')}</Text>
      </Alert>
    )
  }
  return (
    <Problem title={t('booking.confirm.unknown')}>
      <Text size="sm">{t('booking.confirm.unknownHint')}</Text>
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
  refusal: { error: ErrorCode; suggestions: readonly Slot[] }
}

/** The time was taken, the vet is away or the clinic closed: offers the nearest free times and keeps everything else. */
function Taken({ refusal: { error, suggestions }, onPick, onGoTo }: TakenProps) {
  const { t } = useTranslation('owner')
  const sentence = useErrorSentence()
  const clinic = useClinic()
  const date = useLongDate()
  const { choice } = useChoice()
  const isTaken = error === 'SLOT_UNAVAILABLE'
  return (
    <Alert
      role="alert"
      color="orange"
      icon={<IconCalendarOff aria-hidden />}
      title={t(isTaken ? 'booking.confirm.taken' : 'booking.confirm.failed')}
    >
      <Stack gap="sm">
        <Text size="sm">
          {isTaken
            ? t(
                suggestions.length === 0
                  ? 'booking.confirm.takenNoOptions'
                  : 'booking.confirm.takenWithOptions',
              )
            : sentence({ error })}
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
                  {t('booking.confirm.suggestion', {
                    date: date(dateOf(slot.startTime)),
                    time: timeOf(slot.startTime),
                  })}
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
