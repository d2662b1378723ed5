import { Avatar, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconClock, IconStethoscope } from '@tabler/icons-react'
import type { Service, Vet } from '@vetcita/contracts'
import { EmptyState, formatMinutes, formatWeekday, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { byCategory } from '../../appointment/by-category.ts'
import { ButtonLink } from '../../components/links.tsx'
import { useClinic, useMoney } from '../../session/clinic.tsx'
import { ClosedDays } from './closed-days.tsx'
import { OpeningHours } from './opening-hours.tsx'
import { daysOf } from './week.ts'

/** A clinic's page: services with prices, vets and opening hours. */
export function ClinicPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack gap={40}>
      <title>{clinic.name}</title>
      <section className="hero">
        <Stack gap="md" align="flex-start" maw={560}>
          <Title c="white">{clinic.name}</Title>
          <Text size="lg">{t('clinic.lead')}</Text>
          <ButtonLink
            to="/$clinic/book"
            params={{ clinic: clinic.id }}
            variant="white"
            size="lg"
            color="petrol"
          >
            {t('clinic.book')}
          </ButtonLink>
        </Stack>
      </section>
      <section aria-labelledby="services">
        <Title order={2} id="services" mb="md">
          {t('clinic.services')}
        </Title>
        {clinic.services.length === 0 ? (
          <EmptyState icon={IconStethoscope} title={t('clinic.noServices')} />
        ) : (
          <Stack gap="lg">
            {byCategory(clinic.services).map(({ category, services }) => (
              <Stack key={category} gap="sm">
                {category === null ? null : <Title order={3}>{category}</Title>}
                <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
                  {services.map((service) => (
                    <ServiceCard
                      key={service.id}
                      service={service}
                      headingOrder={category === null ? 3 : 4}
                    />
                  ))}
                </SimpleGrid>
              </Stack>
            ))}
          </Stack>
        )}
      </section>
      {clinic.vets.length === 0 ? null : (
        <section aria-labelledby="vets">
          <Title order={2} id="vets" mb="md">
            {t('clinic.vets')}
          </Title>
          <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="md">
            {clinic.vets.map((vet) => (
              <VetCard key={vet.id} vet={vet} />
            ))}
          </SimpleGrid>
        </section>
      )}
      <OpeningHours />
      <ClosedDays />
    </Stack>
  )
}

function VetCard({ vet }: { vet: Vet }) {
  const { t } = useTranslation('owner')
  const language = useLanguage()
  const { id: clinic, hours } = useClinic()
  const days = daysOf(vet.id, hours).map((day) => formatWeekday(day, 'weekday', language))
  const inWords = new Intl.ListFormat(language, { type: 'conjunction' }).format(days)
  return (
    <Group className="vc-surface" p="md" gap="sm" wrap="nowrap">
      <Avatar name={vet.fullName} color="petrol" aria-hidden />
      <div style={{ flex: 1 }}>
        <Text fw={550}>{vet.fullName}</Text>
        <Text size="sm" c="dimmed">
          {days.length === 0 ? t('clinic.noHours') : t('clinic.vetDays', { days: inWords })}
        </Text>
      </div>
      <ButtonLink
        to="/$clinic/book"
        params={{ clinic }}
        search={{ vet: vet.id }}
        variant="light"
        size="sm"
        px="sm"
        aria-label={t('clinic.bookVet', { vet: vet.fullName })}
      >
        {t('clinic.reserve')}
      </ButtonLink>
    </Group>
  )
}

function ServiceCard({ service, headingOrder }: { service: Service; headingOrder: 3 | 4 }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const money = useMoney()
  return (
    <Stack className="vc-surface" p="md" gap="sm" justify="space-between">
      <Title order={headingOrder} size="h3">
        {service.name}
      </Title>
      <Group justify="space-between" wrap="nowrap" align="flex-end">
        <Stack gap={2}>
          <Text fw={650}>{service.price === null ? t('clinic.priceOnRequest') : money(service.price)}</Text>
          <Group gap={6} c="dimmed">
            <IconClock size={16} aria-hidden />
            <Text size="sm">{formatMinutes(service.durationMinutes)}</Text>
          </Group>
        </Stack>
        {service.booking === 'desk' ? (
          <Text size="sm" ta="end">
            {t('booking.service.desk')}
          </Text>
        ) : (
          <ButtonLink
            to="/$clinic/book"
            params={{ clinic: clinic.id }}
            search={{ service: service.id }}
            variant="light"
            size="sm"
            aria-label={t('clinic.bookService', { service: service.name })}
          >
            {t('clinic.reserve')}
          </ButtonLink>
        )}
      </Group>
    </Stack>
  )
}
