import { Button } from '@mantine/core'
import { IconPawOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

/** The page for addresses that do not exist. */
export function NotFound() {
  const { t } = useTranslation('staff')
  return (
    <EmptyState icon={IconPawOff} title={t('clinic.notFound')} order={1}>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>{t('clinic.toDay')}</Button>
    </EmptyState>
  )
}
