import { Stack, Text, Title } from '@mantine/core'
import { formatWeekday, useLanguage, ZoneNote } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../session/clinic.tsx'
import { openingWeek, weekdayOf } from './week.ts'

/** The clinic's weekly hours in its own zone; nothing if no vet has any. */
export function OpeningHours() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const language = useLanguage()
  const today = weekdayOf(clinic.today)
  if (clinic.hours.length === 0) return null
  return (
    <section aria-labelledby="hours">
      <Title order={2} id="hours" mb="md">
        {t('clinic.hours')}
      </Title>
      <Stack className="vc-surface" px="md" py="sm" gap="xs" maw={460}>
        <table className="hours" aria-labelledby="hours">
          <tbody>
            {openingWeek(clinic.hours).map(({ weekday, spans }) => (
              <tr key={weekday} data-today={weekday === today || undefined}>
                <th scope="row" className="vc-capital">
                  {formatWeekday(weekday, 'weekdayName', language)}
                  {weekday === today ? ` (${t('clinic.today')})` : ''}
                </th>
                <td>
                  {spans.length === 0 ? (
                    <Text span c="dimmed">
                      {t('clinic.closed')}
                    </Text>
                  ) : (
                    spans.map((span) => <div key={span.opens}>{t('clinic.span', { ...span })}</div>)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <ZoneNote timeZone={clinic.timeZone} />
      </Stack>
    </section>
  )
}
