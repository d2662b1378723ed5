import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { timeOf } from '@vetcita/contracts/moment'
import { useTranslation } from 'react-i18next'
import { useLiveState } from './live-state.ts'

interface FreshnessProps {
  /** When the data was read, as an instant with the clinic's offset; undefined until there is any. */
  asOf: string | undefined
  /** The last request failed. */
  isError: boolean
  onRefresh: () => void
}

/** Shows whether the page is live, or else from when its data is. */
export function Freshness({ asOf, isError, onRefresh }: FreshnessProps) {
  const { t } = useTranslation('staff')
  const state = useLiveState()
  const isStale = state === 'stale' || isError
  return (
    <span role="status" className="vs-fresh">
      {asOf === undefined || (state === 'connecting' && !isError) ? null : isStale ? (
        <span className="vs-stale">
          <span>
            <IconCloudOff size={16} aria-hidden /> {t('live.stale', { time: timeOf(asOf) })}
          </span>
          <Button size="compact-xs" variant="default" onClick={onRefresh}>
            {t('live.refresh')}
          </Button>
        </span>
      ) : (
        <span className="vs-live">{t('live.live')}</span>
      )}
    </span>
  )
}
