import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GridTexts } from './event-content.ts'

/** The grid's words; the same object until the language changes, so that the grid is not drawn anew for it. */
export function useGridTexts(): GridTexts {
  const { t } = useTranslation(['staff', 'ui'])
  return useMemo(
    () => ({
      // once each, not once for each of hundreds of cards
      status: {
        scheduled: t('ui:status.scheduled'),
        confirmed: t('ui:status.confirmed'),
        checked_in: t('ui:status.checked_in'),
        in_progress: t('ui:status.in_progress'),
        completed: t('ui:status.completed'),
        cancelled: t('ui:status.cancelled'),
        no_show: t('ui:status.no_show'),
      },
      pending: t('calendar.pending'),
      away: t('calendar.away'),
      missing: t('calendar.missing'),
      repeated: t('calendar.repeated'),
      retiredService: t('card.retiredService'),
    }),
    [t],
  )
}
