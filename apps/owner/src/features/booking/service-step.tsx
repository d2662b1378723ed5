import { Group, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { IconStethoscope } from '@tabler/icons-react'
import type { Service } from '@vetcita/contracts'
import { EmptyState, formatMinutes } from '@vetcita/ui'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { byCategory } from '../../appointment/by-category.ts'
import { useClinic, useMoney } from '../../session/clinic.tsx'
import { isFor, withService } from './choice.ts'
import { useChoice } from './use-choice.ts'
import { usePet } from './use-pet.ts'

/** Asks for one of the clinic's services for that species, by category, each with its length and price. */
export function ServiceStep() {
  const { t } = useTranslation('owner')
  const { services } = useClinic()
  const { choice } = useChoice()
  const species = usePet(choice)?.species
  const fit = services.filter((service) => isFor(service, species))
  if (fit.length === 0) return <EmptyState icon={IconStethoscope} title={t('clinic.noServices')} />
  return (
    <Stack gap="sm">
      {byCategory(fit).map(({ category, services: those }) => (
        <Fragment key={category}>
          {category === null ? null : (
            <Title order={2} size="h3" mt="xs">
              {category}
            </Title>
          )}
          {those.map((service) => (
            <ServiceChoice key={service.id} service={service} />
          ))}
        </Fragment>
      ))}
    </Stack>
  )
}

function ServiceChoice({ service }: { service: Service }) {
  const { t } = useTranslation('owner')
  const money = useMoney()
  const { choice, go } = useChoice()
  const isDesk = service.booking === 'desk'
  const look = (
    <Group component="span" justify="space-between" wrap="nowrap" flex={1}>
      <span>
        <Text component="span" fw={600} display="block">
          {service.name}
        </Text>
        <Text component="span" size="sm" c="dimmed" display="block">
          {formatMinutes(service.durationMinutes)}
        </Text>
        {service.preparation === null ? null : (
          <Text component="span" size="sm" display="block">
            {service.preparation}
          </Text>
        )}
        {service.booking === 'online' ? null : (
          <Text component="span" size="sm" fw={600} c="petrol" display="block">
            {t(isDesk ? 'booking.service.desk' : 'booking.service.request')}
          </Text>
        )}
      </span>
      <Text component="span" fw={600} style={{ whiteSpace: 'nowrap' }}>
        {service.price === null ? t('clinic.priceOnRequest') : money(service.price)}
      </Text>
    </Group>
  )
  if (isDesk) return <div className="choice choice-desk">{look}</div>
  return (
    <UnstyledButton
      className="choice"
      aria-pressed={choice.service === service.id}
      onClick={() => go((now) => withService(now, service.id))}
    >
      {look}
    </UnstyledButton>
  )
}
