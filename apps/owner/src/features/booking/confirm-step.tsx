import { Button, Stack, Text, Textarea } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { lazyRouteComponent } from '@tanstack/react-router'
import type { Slot } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { isRetryable, ListSkeleton, LOST_CONNECTION_TRIES, newKey, ZoneNote } from '@vetcita/ui'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NoticeRule } from '../../appointment/notice-rule.tsx'
import { useClinic, useStanding } from '../../session/clinic.tsx'
import { type Step, withSlot } from './choice.ts'
import { Outcome } from './outcome.tsx'
import { Summary } from './summary.tsx'
import { useBook } from './use-book.ts'
import { useChoice } from './use-choice.ts'
import { useTruth } from './use-truth.ts'

const SignInPanel = lazyRouteComponent(() => import('../../session/sign-in-panel.tsx'), 'SignInPanel')

/** The last look, signing in where needed, and the one press that books. */
export function ConfirmStep() {
  const { t } = useTranslation('owner')
  const standing = useStanding()
  if (standing !== 'visitor') return <Confirm />
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

function Chosen({ isLocked = false }: { isLocked?: boolean }) {
  const { timeZone } = useClinic()
  return (
    <Stack className="vc-surface" p="md">
      <Summary isLocked={isLocked} />
      <ZoneNote timeZone={timeZone} />
    </Stack>
  )
}

function Confirm() {
  const { t } = useTranslation('owner')
  const { choice, go, amend } = useChoice()
  const [reason, setReason] = useReason()
  const button = useRef<HTMLButtonElement>(null)
  const book = useBook((pet) => amend(({ petName: _, petSpecies: __, ...now }) => ({ ...now, pet })))
  const isUnknown =
    (book.error !== null && isRetryable(book.error)) ||
    (book.data?.success === false && book.data.error === 'IDEMPOTENCY_KEY_REUSED')
  const truth = useTruth(choice, isUnknown ? book.submittedAt : null)
  const show = (booked: string, at: string) => go((now) => ({ ...now, booked, at }))
  const found = isUnknown ? truth.data : undefined
  useEffect(() => {
    if (found) void show(found.id, `${found.localDate}T${found.localTime}`)
  }, [found?.id])
  const submit = async () => {
    const isReused = book.data?.success === false && book.data.error === 'IDEMPOTENCY_KEY_REUSED'
    // That key has done its work: what is confirmed after reading this is a new intent.
    const key = isReused ? newKey() : choice.key
    if (isReused && key !== undefined) await amend((now) => ({ ...now, key }))
    const result = await book.mutateAsync({ choice: key === undefined ? choice : { ...choice, key }, reason })
    if (result.success) await show(result.appointmentId, `${result.localDate}T${result.localTime}`)
  }
  const isTaken = book.data?.success === false && book.data.error === 'SLOT_UNAVAILABLE'
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
      <Chosen isLocked={book.isPending} />
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
      <NoticeRule />
      <Outcome
        error={book.error}
        result={book.data}
        truth={isUnknown ? (truth.isSuccess ? 'absent' : truth.isError ? 'unknowable' : 'asking') : undefined}
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

/** What the clinic should know. It lives in the URL as well, a moment after the last key was pressed. */
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
