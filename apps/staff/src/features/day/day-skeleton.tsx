import { Skeleton, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const COLUMNS = ['a', 'b', 'c']
const CARDS = ['a', 'b', 'c', 'd']

/** The day's shape while it is on its way. */
export function DaySkeleton() {
  const { t } = useTranslation('staff')
  return (
    <div className="vs-columns vs-late" role="status" aria-label={t('day.loading')}>
      {COLUMNS.map((column) => (
        <Stack key={column} gap="sm">
          <Skeleton height={24} width="50%" my={6} />
          {CARDS.map((card) => (
            <Skeleton key={card} height={168} radius="lg" />
          ))}
        </Stack>
      ))}
    </div>
  )
}
