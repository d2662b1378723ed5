import { Stack, Text, Title } from '@mantine/core'
import type { Clinic } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { addDays } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic, useLongDate } from '../../session/clinic.tsx'

/** The days to come on which the whole clinic is closed; nothing if there are none. */
export function ClosedDays() {
  const { t } = useTranslation('owner')
  const { closures } = useClinic()
  const when = useClosureInWords()
  if (closures.length === 0) return null
  return (
    <section aria-labelledby="closed">
      <Title order={2} id="closed" mb="md">
        {t('clinic.closedDays')}
      </Title>
      <Stack component="ul" className="vc-surface" m={0} px="md" py="sm" gap="xs" maw={460}>
        {closures.map((closure) => (
          <li key={closure.id} style={{ listStyle: 'none', overflowWrap: 'anywhere' }}>
            <Text fw={600} className="vc-capital">
              {when(closure)}
            </Text>
            <Text size="sm" c="dimmed">
              {closure.name}
            </Text>
          </li>
        ))}
      </Stack>
    </section>
  )
}

/** Whole days are named by their dates, the rest with their times. */
function useClosureInWords() {
  const { t } = useTranslation('owner')
  const date = useLongDate()
  return ({ startTime, endTime }: Clinic['closures'][number]) => {
    const first = dateOf(startTime)
    if (timeOf(startTime) === '00:00' && timeOf(endTime) === '00:00') {
      const last = addDays(dateOf(endTime), -1)
      return last <= first ? date(first) : t('clinic.span', { opens: date(first), closes: date(last) })
    }
    return t('clinic.span', {
      opens: `${date(first)}, ${timeOf(startTime)}`,
      closes: dateOf(endTime) === first ? timeOf(endTime) : `${date(dateOf(endTime))}, ${timeOf(endTime)}`,
    })
  }
}
