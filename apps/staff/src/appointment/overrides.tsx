import { Button, Stack, Text, Textarea } from '@mantine/core'
import type { SlotOverride } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { errorCode } from '@vetcita/ui'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** The rules that staff may set aside, by the code of the refusal. */
const OVERRIDE_OF: Readonly<Record<string, SlotOverride>> = {
  PET_BUSY: 'pet_busy',
  CLINIC_CLOSED: 'closed',
  VET_DOES_NOT_OFFER: 'services',
  SLOT_UNAVAILABLE: 'squeeze_in',
  REASON_REQUIRED: 'squeeze_in',
}

/** Returns how staff may set aside the rule that refused, or undefined if they may not. */
export function overrideOf(problem: unknown): SlotOverride | undefined {
  return problem === null || problem === undefined ? undefined : OVERRIDE_OF[errorCode(problem)]
}

/** What a question about an override names, and what it does when it is answered with yes. */
export interface OverrideRequest {
  action: 'book' | 'move'
  pet: string
  /** `HH:MM` of the clinic. */
  time: string
  vet: string
  /** Why the appointment is made, as it is now. A squeeze-in needs one. */
  reason: string
  /** The reason cannot be written here: it is the appointment's, and changed there. */
  isReasonFixed?: boolean
  onOverride: (override: SlotOverride, reason: string) => void
}

interface OverrideQuestionProps extends OverrideRequest {
  override: SlotOverride
  isBusy: boolean
}

/** Asks whether staff want the appointment all the same. */
export function OverrideQuestion({ override, isBusy, ...request }: OverrideQuestionProps) {
  const { t } = useTranslation('staff')
  if (override === 'squeeze_in') return <SqueezeIn isBusy={isBusy} {...request} />
  const { action, pet, time, vet, reason, onOverride } = request
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm" fw={600}>
        {t(`override.ask.${override}`, { pet, time, vet })} {t(`override.${action}Ask`)}
      </Text>
      <Button size="sm" disabled={isBusy} onClick={() => onOverride(override, reason)}>
        {t(`override.${action}`)}
      </Button>
    </Stack>
  )
}

/** Offers to put the appointment on top of the others, with the obligatory reason. */
function SqueezeIn({
  reason,
  isReasonFixed = false,
  isBusy,
  onOverride,
}: Omit<OverrideQuestionProps, 'override'>) {
  const { t } = useTranslation('staff')
  const [text, setText] = useState(reason)
  const [isMissing, setMissing] = useState(false)
  const label = useId()
  const submit = () => {
    setMissing(text.trim() === '')
    if (text.trim() !== '') onOverride('squeeze_in', text.trim())
  }
  if (isReasonFixed && reason.trim() === '') {
    return <Text size="sm">{t('override.squeezeNoReason')}</Text>
  }
  return (
    <Stack gap="xs" align="stretch" role="group" aria-labelledby={label}>
      <Text size="sm" fw={600} id={label}>
        {t('override.squeezeAsk')}
      </Text>
      {isReasonFixed ? (
        <Text size="sm">{t('drawer.because', { reason })}</Text>
      ) : (
        <Textarea
          label={t('override.squeezeReason')}
          required
          autosize
          minRows={1}
          value={text}
          maxLength={limits.appointmentReason}
          error={isMissing ? t('override.squeezeReasonMissing') : null}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value)
            setMissing(false)
          }}
        />
      )}
      <Button size="sm" disabled={isBusy} onClick={submit} style={{ alignSelf: 'flex-start' }}>
        {t('override.squeeze')}
      </Button>
    </Stack>
  )
}
