import { Button, Stack, Text, Textarea } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { lazyRouteComponent } from '@tanstack/react-router'
import type { Slot } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { isRetryable, ListSkeleton, LOST_CONNECTION_TRIES, newKey, ZoneNote } from '@vetcita/ui'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StartNotice } from '../../appointment/notice-rule.tsx'
import { BookedByRequest, Preparation } from '../../appointment/service-notes.tsx'
import { useClinic, useMembership } from '../../session/clinic.tsx'
import { type BookingIntent, intentOf, type Step, withSlot } from './choice.ts'
import { Outcome } from './outcome.tsx'
import { Summary } from './summary.tsx'
import { TermsLine } from './terms.tsx'
import { type Terms, useBook } from './use-book.ts'
import { useBookingLookup } from './use-booking-lookup.ts'
import { useChoice, useChosenService } from './use-choice.ts'

const SignInPanel = lazyRouteComponent(() => import('../../session/sign-in-panel.tsx'), 'SignInPanel')

/** The last check, signing in if needed, and the one press that books. */
export function ConfirmStep() {
  const { t } = useTranslation('owner')
  const membership = useMembership()
  const { choice } = useChoice()
  const intent = intentOf(choice)
  if (intent === null) return null
  if (membership !== 'visitor') return <Confirm intent={intent} />
  return (
    <Stack>
      <Chosen />
      <Text>{t('booking.confirm.account')}</Text>
      <div className="vc-surface" style={{ padding: '1rem' }}>
        <Suspense fallback={<ListSkeleton rows={1} height={440} />}>
          <SignInPanel startWith="signUp" />
        </Suspense>
      </div>
    </Stack>
  )
}

function Chosen({ isLocked = false, terms }: { isLocked?: boolean; terms?: Terms | undefined }) {
  const { timeZone } = useClinic()
  const service = useChosenService()
  const shown = terms ?? service
  return (
    <Stack className="vc-surface" p="md">
      <Summary isLocked={isLocked} />
      {shown === undefined ? null : <TermsLine terms={shown} />}
      <Preparation text={service?.preparation} />
      <ZoneNote timeZone={timeZone} />
    </Stack>
  )
}

function Confirm({ intent }: { intent: BookingIntent }) {
  const { t } = useTranslation('owner')
  const { go, amend } = useChoice()
  const [reason, setReason] = useReason()
  const button = useRef<HTMLButtonElement>(null)
  const book = useBook((pet) => amend(({ petName: _, petSpecies: __, ...now }) => ({ ...now, pet })))
  const service = useChosenService()
  const changed =
    book.data?.success === false && book.data.error === 'SERVICE_CHANGED' ? book.data : undefined
  // What is agreed to is what the page shows: after a change, what the refusal said.
  const terms: Terms | undefined = changed ?? service
  const isReused = book.data?.success === false && book.data.error === 'IDEMPOTENCY_KEY_REUSED'
  const isUnknown = (book.error !== null && isRetryable(book.error)) || isReused
  const lookup = useBookingLookup(intent, isUnknown ? book.submittedAt : null)
  const show = (booked: string) => go((now) => ({ ...now, booked }))
  const found = isUnknown ? lookup.data : undefined
  useEffect(() => {
    if (found) void show(found.id)
  }, [found?.id])
  const submit = async () => {
    if (terms === undefined) return goTo('service')
    const expected = { durationMinutes: terms.durationMinutes, price: terms.price }
    // A reused key has made its appointment: what is confirmed after reading that is a new intent.
    const idempotencyKey = isReused ? newKey() : intent.idempotencyKey
    if (isReused) await amend((now) => ({ ...now, key: idempotencyKey }))
    const result = await book.mutateAsync({ ...intent, idempotencyKey, reason, expected })
    if (result.success) await show(result.appointmentId)
  }
  const isTaken = book.data?.success === false && 'suggestions' in book.data
  const pick = async (slot: Slot) => {
    book.reset()
    await amend((now) => withSlot(now, slot))
    button.current?.focus()
  }
  const goTo = (step: Step) => {
    book.reset()
    return go((now) => ({ ...now, step }))
  }
  return (
    <Stack>
      <Chosen isLocked={book.isPending} terms={terms} />
      <Textarea
        label={t('booking.confirm.reason')}
        description={t('booking.confirm.reasonHint')}
        value={reason}
        maxLength={limits.appointmentReason}
        autosize
        minRows={2}
        disabled={book.isPending}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <StartNotice startTime={intent.startTime} />
      {service?.booking === 'request' ? <BookedByRequest /> : null}
      <Outcome
        error={book.error}
        result={book.data}
        shown={book.variables?.expected}
        lookup={isUnknown ? (lookup.isSuccess ? 'absent' : lookup.isError ? 'failed' : 'pending') : undefined}
        onPick={pick}
        onGoTo={goTo}
      />
      {isTaken ? null : (
        <Button
          ref={button}
          size="lg"
          loading={book.isPending}
          onClick={() => submit().catch(() => undefined)}
        >
          {t('booking.confirm.submit')}
        </Button>
      )}
      <Text size="sm" c="dimmed" ta="center" mih="1.5em" role="status">
        {book.isPending
          ? book.failureCount > 0
            ? t('booking.confirm.retrying', { number: book.failureCount + 1, total: LOST_CONNECTION_TRIES })
            : t(`booking.confirm.stage.${book.stage}`)
          : ''}
      </Text>
    </Stack>
  )
}

/** What the clinic should know. It is kept in the URL too, a moment after the last key press. */
function useReason() {
  const { choice, amend } = useChoice()
  const [reason, setReason] = useState(choice.reason ?? '')
  const keep = useDebouncedCallback(
    (text: string) => amend(({ reason: _, ...now }) => (text === '' ? now : { ...now, reason: text })),
    300,
  )
  const change = (text: string) => {
    setReason(text)
    keep(text)
  }
  return [reason, change] as const
}
