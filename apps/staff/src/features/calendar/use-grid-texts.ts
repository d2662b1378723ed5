import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GridTexts } from './event-content.ts'

/** The grid's words; the same object until the language changes, so that the grid is not drawn anew for it. */
export function useGridTexts(): GridTexts {
  const { t } = useTranslation(['staff', 'ui'])
  return useMemo(
    () => ({
      status: (status) => t(`ui:status.${status}`),
      pending: t('calendar.pending'),
      away: t('calendar.away'),
      missing: t('calendar.missing'),
      repeated: t('calendar.repeated'),
      retiredService: t('card.retiredService'),
    }),
    [t],
  )
}
