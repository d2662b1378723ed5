import { Progress, Stack, Text, Title } from '@mantine/core'
import { lazyRouteComponent, useLocation } from '@tanstack/react-router'
import { ListSkeleton } from '@vetcita/ui'
import { Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../session/clinic.tsx'
import { type Step, stepOf, steps } from './choice.ts'
import { PetStep } from './pet-step.tsx'
import { ServiceStep } from './service-step.tsx'
import { Summary, useChoiceInWords } from './summary.tsx'
import { useChoice } from './use-choice.ts'
import { VetStep } from './vet-step.tsx'

const TimeStep = lazyRouteComponent(() => import('./time-step.tsx'), 'TimeStep')
const ConfirmStep = lazyRouteComponent(() => import('./confirm-step.tsx'), 'ConfirmStep')
const Done = lazyRouteComponent(() => import('./done.tsx'), 'Done')

/** Loads the later steps while the user answers the first ones. */
function useStepsAhead() {
  useEffect(() => {
    for (const part of [TimeStep, ConfirmStep, Done]) void part.preload?.()
  }, [])
}

/** Pet, service, vet, time, confirm: one question per page, the answers in the URL. */
export function BookingPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const { choice } = useChoice()
  useStepsAhead()
  return (
    <>
      <title>{`${t('booking.title')} · ${clinic.name}`}</title>
      {choice.booked === undefined ? (
        <Wizard step={stepOf(choice)} />
      ) : (
        <Suspense fallback={<ListSkeleton rows={1} height={320} />}>
          <Done appointmentId={choice.booked} />
        </Suspense>
      )}
    </>
  )
}

function Wizard({ step }: { step: Step }) {
  const { t } = useTranslation('owner')
  const here = useLocation().href
  const { choice } = useChoice()
  const words = useChoiceInWords(choice)
  const number = steps.indexOf(step) + 1
  const heading = useFocusOnChange(step)
  const chosen = steps
    .slice(0, number - 1)
    .flatMap((done) => (done === 'confirm' ? [] : (words[done] ?? [])))
    .join(' · ')
  const progress = t('booking.progress', { step: number, total: steps.length })
  const title =
    step === 'service' ? t('booking.service.title', { pet: words.pet ?? '' }) : t(`booking.${step}.title`)
  return (
    <div className="two-columns">
      <Stack gap="lg">
        <Stack gap={6}>
          <Text size="sm" c="dimmed">
            {t('booking.title')} · {progress}
          </Text>
          <Progress value={(number / steps.length) * 100} aria-label={progress} size="sm" />
          {step === 'confirm' ? null : <Text className="narrow-only vc-capital">{chosen}</Text>}
          <Title ref={heading} tabIndex={-1} mt="sm" style={{ outline: 'none' }}>
            {title}
          </Title>
        </Stack>
        {step === 'pet' ? <PetStep here={here} /> : null}
        {step === 'service' ? <ServiceStep /> : null}
        {step === 'vet' ? <VetStep /> : null}
        <Suspense fallback={<ListSkeleton rows={1} height={400} />}>
          {step === 'time' ? <TimeStep /> : null}
          {step === 'confirm' ? <ConfirmStep /> : null}
        </Suspense>
      </Stack>
      {step === 'confirm' ? null : (
        <aside
          className="vc-surface sticky-side wide-only"
          style={{ padding: '1.25rem' }}
          aria-labelledby="summary"
        >
          <Title order={2} size="h3" id="summary" mb="md">
            {t('booking.summary')}
          </Title>
          <Summary />
        </aside>
      )}
    </div>
  )
}

/** Moves the focus to the new question when the step changes, for screen readers and keyboards. */
function useFocusOnChange(step: Step) {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    heading.current?.focus({ preventScroll: true })
  }, [step])
  return heading
}
