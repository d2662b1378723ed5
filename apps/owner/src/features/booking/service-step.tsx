import { Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconStethoscope } from '@tabler/icons-react'
import { EmptyState, formatMinutes } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic, useMoney } from '../../session/clinic.tsx'
import { withService } from './choice.ts'
import { useChoice } from './use-choice.ts'

/** Asks for one of the clinic's services, each with its length and price. */
export function ServiceStep() {
  const { t } = useTranslation('owner')
  const { services } = useClinic()
  const money = useMoney()
  const { choice, go } = useChoice()
  if (services.length === 0) return <EmptyState icon={IconStethoscope} title={t('clinic.noServices')} />
  return (
    <Stack gap="sm">
      {services.map((service) => (
        <UnstyledButton
          key={service.id}
          className="choice"
          aria-pressed={choice.service === service.id}
          onClick={() => go((now) => withService(now, service.id))}
        >
          <Group component="span" justify="space-between" wrap="nowrap" flex={1}>
            <span>
              <Text component="span" fw={600} display="block">
                {service.name}
              </Text>
              <Text component="span" size="sm" c="dimmed">
                {formatMinutes(service.durationMinutes)}
              </Text>
            </span>
            <Text component="span" fw={600} style={{ whiteSpace: 'nowrap' }}>
              {service.price === null ? t('clinic.priceOnRequest') : money(service.price)}
            </Text>
          </Group>
        </UnstyledButton>
      ))}
    </Stack>
  )
}
