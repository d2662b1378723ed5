import { Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Membership } from '@vetcita/contracts'
import { EmptyState } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHead } from '../../components/page-head.tsx'
import { usePageTitle } from '../../components/page-title.ts'

const TABS = [
  { to: '/$clinic/settings/services', text: 'services' },
  { to: '/$clinic/settings/hours', text: 'hours' },
  { to: '/$clinic/settings/time-off', text: 'timeOff' },
  { to: '/$clinic/settings/rules', text: 'rules' },
  { to: '/$clinic/settings/staff', text: 'staff' },
] as const

interface SettingsFrameProps {
  clinic: string
  role: Membership['role'] | undefined
  children: ReactNode
}

/** The clinic's settings, for admins. This guards what is shown; the API guards what is allowed. */
export function SettingsFrame({ clinic, role, children }: SettingsFrameProps) {
  const { t } = useTranslation('staff')
  usePageTitle(t('settings.page'))
  if (role !== 'admin') {
    return (
      <Stack gap="md" className="vs-office">
        <PageHead title={t('settings.page')} />
        <EmptyState icon={IconLock} title={t('settings.adminsOnly')} />
      </Stack>
    )
  }
  return (
    <Stack gap="md" className="vs-office">
      <PageHead title={t('settings.page')} />
      <nav className="vs-tabs" aria-label={t('settings.tabs')}>
        {TABS.map(({ to, text }) => (
          <Link key={to} to={to} params={{ clinic }} className="vs-tab">
            {t(`settings.${text}`)}
          </Link>
        ))}
      </nav>
      {children}
    </Stack>
  )
}
