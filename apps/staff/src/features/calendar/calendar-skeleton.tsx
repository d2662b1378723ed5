import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const COLUMNS = ['a', 'b', 'c', 'd']

/** The grid's shape while it is loading. */
export function CalendarSkeleton() {
  const { t } = useTranslation('staff')
  return (
    <div className="vs-skeleton vs-late" role="status" aria-label={t('day.loading')}>
      {COLUMNS.map((column) => (
        <Skeleton key={column} height="100%" radius="lg" />
      ))}
    </div>
  )
}
