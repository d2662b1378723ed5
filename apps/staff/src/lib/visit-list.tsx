import { Anchor, Group, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Visit } from '@vetcita/contracts'
import { formatDate, StatusBadge, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

const clinicRoute = getRouteApi('/$clinic')

/** Appointments as lines, each the way to its place in the calendar. */
export function VisitList({ visits, label }: { visits: readonly Visit[]; label: string }) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const { clinic } = clinicRoute.useParams()
  return (
    <ul className="vs-lines" aria-label={label}>
      {visits.map((visit) => {
        const when = { date: formatDate(visit.localDate, 'full', language), time: visit.localTime }
        return (
          <li key={visit.id}>
            <Group justify="space-between" gap="xs">
              <div>
                <Anchor
                  className="vc-capital"
                  fw={600}
                  aria-label={t('office.openVisit', { pet: visit.pet.name, ...when })}
                  renderRoot={(props) => (
                    <Link
                      to="/$clinic/day"
                      params={{ clinic }}
                      search={{ date: visit.localDate, open: visit.id }}
                      {...props}
                    />
                  )}
                >
                  {t('office.visit', when)}
                </Anchor>
                <Text size="sm">
                  {t('office.visitWith', {
                    pet: visit.pet.name,
                    service: visit.service.name ?? t('card.retiredService'),
                    vet: visit.vet.fullName ?? t('office.none'),
                  })}
                </Text>
                {visit.reason === null ? null : (
                  <Text size="sm" c="dimmed">
                    {visit.reason}
                  </Text>
                )}
              </div>
              <StatusBadge status={visit.status} />
            </Group>
          </li>
        )
      })}
    </ul>
  )
}
