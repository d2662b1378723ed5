import { Anchor, Button, Group, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Visit } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, StatusBadge, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

const clinicRoute = getRouteApi('/$clinic')

interface VisitListProps {
  visits: readonly Visit[]
  label: string
  /** Opens a visit on this page; without it each one links to the calendar. */
  onOpen?: (visit: Visit) => void
}

/** A list of visits, each with a way to open it. */
export function VisitList({ visits, label, onOpen }: VisitListProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const { clinic } = clinicRoute.useParams()
  return (
    <ul className="vs-lines" aria-label={label}>
      {visits.map((visit) => {
        const when = {
          date: formatDate(dateOf(visit.startTime), 'full', language),
          time: timeOf(visit.startTime),
        }
        return (
          <li key={visit.id}>
            <div className="vs-visit">
              <div>
                {onOpen === undefined ? (
                  <Anchor
                    className="vc-capital"
                    display="inline-block"
                    fw={600}
                    aria-label={t('office.openVisit', { pet: visit.pet.name, ...when })}
                    renderRoot={(props) => (
                      <Link
                        to="/$clinic/day"
                        params={{ clinic }}
                        search={{ date: dateOf(visit.startTime), open: visit.id }}
                        {...props}
                      />
                    )}
                  >
                    {t('office.visit', when)}
                  </Anchor>
                ) : (
                  <Text className="vc-capital" fw={600}>
                    {t('office.visit', when)}
                  </Text>
                )}
                <Text size="sm">
                  {t('office.visitWith', {
                    pet: visit.pet.name,
                    service: visit.service.name ?? t('card.retiredService'),
                    vet: visit.vet.fullName ?? t('office.none'),
                  })}
                </Text>
                {visit.reason === null ? null : (
                  <Text size="sm" className="vs-visit-reason">
                    {visit.reason}
                  </Text>
                )}
              </div>
              <Group gap="sm" wrap="nowrap">
                <StatusBadge status={visit.status} />
                {onOpen === undefined ? null : (
                  <Button
                    variant="default"
                    size="compact-md"
                    aria-label={t('office.seeVisit', { pet: visit.pet.name, ...when })}
                    onClick={() => onOpen(visit)}
                  >
                    {t('office.see')}
                  </Button>
                )}
              </Group>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
