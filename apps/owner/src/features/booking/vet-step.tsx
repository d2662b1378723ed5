import { Avatar, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../session/clinic.tsx'
import { ANY_VET, isDoneBy, withVet } from './choice.ts'
import { useChoice } from './use-choice.ts'

/** Asks for a certain vet, or for any. */
export function VetStep() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const { choice, go } = useChoice()
  const service = clinic.services.find(({ id }) => id === choice.service)
  const vets = clinic.vets.filter(({ id }) => service === undefined || isDoneBy(service, id))
  return (
    <Stack gap="sm">
      <UnstyledButton
        className="choice"
        aria-pressed={choice.vet === ANY_VET}
        onClick={() => go((now) => withVet(now, ANY_VET))}
      >
        <Avatar color="petrol" variant="filled" aria-hidden>
          <IconUsersGroup size={22} aria-hidden />
        </Avatar>
        <span>
          <Text component="span" fw={600} display="block">
            {t('booking.vet.any')}
          </Text>
          <Text component="span" size="sm" c="dimmed">
            {t('booking.vet.anyHint')}
          </Text>
        </span>
      </UnstyledButton>
      {vets.map((vet) => (
        <UnstyledButton
          key={vet.id}
          className="choice"
          aria-pressed={choice.vet === vet.id}
          onClick={() => go((now) => withVet(now, vet.id))}
        >
          <Avatar name={vet.fullName} color="petrol" aria-hidden />
          <Text component="span" fw={600}>
            {vet.fullName}
          </Text>
        </UnstyledButton>
      ))}
    </Stack>
  )
}
