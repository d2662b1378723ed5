import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

export function ForgotLink() {
  const { t } = useTranslation('ui')
  return (
    <Anchor ta="center" underline="always" renderRoot={(props) => <Link to="/forgot-password" {...props} />}>
      {t('auth.forgot')}
    </Anchor>
  )
}
