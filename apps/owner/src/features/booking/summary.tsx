import { Anchor, Text } from '@mantine/core'
import { timeOf } from '@vetcita/contracts/moment'
import { useTranslation } from 'react-i18next'
import { useClinic, useLongDate } from '../../session/clinic.tsx'
import { ANY_VET, type Choice } from './choice.ts'
import { useChoice } from './use-choice.ts'
import { usePet } from './use-pet.ts'

type Field = 'pet' | 'service' | 'vet' | 'time'

/** The choice in words, field by field; undefined for what is not chosen yet. */
export function useChoiceInWords(choice: Choice): Record<Field, string | undefined> {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const date = useLongDate()
  const pet = usePet(choice)?.name
  const vetId = choice.with ?? choice.vet
  return {
    pet,
    service: clinic.services.find(({ id }) => id === choice.service)?.name,
    vet: vetId === ANY_VET ? t('booking.vet.any') : clinic.vets.find(({ id }) => id === vetId)?.fullName,
    time: choice.time === undefined ? undefined : `${date(choice.time)}, ${timeOf(choice.time)}`,
  }
}

const FIELDS: readonly Field[] = ['pet', 'service', 'vet', 'time']

/** The choice so far, each answer with a link back to its question. */
export function Summary({ isLocked = false }: { isLocked?: boolean }) {
  const { t } = useTranslation('owner')
  const { choice, go } = useChoice()
  const words = useChoiceInWords(choice)
  return (
    <dl className="facts">
      {FIELDS.map((field) => {
        const value = words[field]
        return (
          <div key={field} className="fact">
            <Text component="dt" size="sm" c="dimmed">
              {t(`booking.${field}.label`)}
            </Text>
            <Text
              component="dd"
              fw={value === undefined ? 400 : 600}
              className="vc-capital"
              {...(value === undefined ? { c: 'dimmed' } : {})}
            >
              {value ?? t('booking.pending')}
            </Text>
            {value === undefined || isLocked ? null : (
              <dd className="fact-action">
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  aria-label={t('booking.changeField', { field: t(`booking.${field}.field`) })}
                  onClick={() => go((now) => ({ ...now, step: field }))}
                >
                  {t('booking.change')}
                </Anchor>
              </dd>
            )}
          </div>
        )
      })}
    </dl>
  )
}
