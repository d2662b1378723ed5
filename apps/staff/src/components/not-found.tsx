import { Button } from '@mantine/core'
import { IconPawOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

/** An address that this app does not have. */
export function NotFound() {
  const { t } = useTranslation('staff')
  return (
    <EmptyState icon={IconPawOff} title={t('clinic.notFound')} order={1}>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>{t('clinic.toDay')}</Button>
    </EmptyState>
  )
}
