import { Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import type { Membership } from '@vetcita/contracts'
import { EmptyState } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHead } from '../../components/page-head.tsx'
import { usePageTitle } from '../../components/page-title.ts'

const TABS = [
  { to: '/$clinic/settings/services', text: 'services', isForAll: false },
  { to: '/$clinic/settings/hours', text: 'hours', isForAll: false },
  { to: '/$clinic/settings/time-off', text: 'timeOff', isForAll: true },
  { to: '/$clinic/settings/closures', text: 'closures', isForAll: true },
  { to: '/$clinic/settings/rules', text: 'rules', isForAll: false },
  { to: '/$clinic/settings/staff', text: 'staff', isForAll: false },
] as const

const sectionOf = (to: string) => to.slice(to.lastIndexOf('/'))

interface SettingsFrameProps {
  clinic: string
  role: Membership['role'] | undefined
  children: ReactNode
}

/**
 * The clinic's settings: all of them for admins, time off and closed days for the other staff. This guards what is shown;
 * the API guards what is allowed.
 */
export function SettingsFrame({ clinic, role, children }: SettingsFrameProps) {
  const { t } = useTranslation('staff')
  usePageTitle(t('settings.page'))
  const { pathname } = useLocation()
  const tabs = TABS.filter(({ isForAll }) => isForAll || role === 'admin')
  // the address without a section leads to the first one
  const isClosed = !(
    tabs.some(({ to }) => pathname.endsWith(sectionOf(to))) || pathname.endsWith('/settings')
  )
  return (
    <Stack gap="md" className="vs-office">
      <PageHead title={t('settings.page')} />
      <nav className="vs-tabs" aria-label={t('settings.tabs')}>
        {tabs.map(({ to, text }) => (
          <Link key={to} to={to} params={{ clinic }} className="vs-tab">
            {t(`settings.${text}`)}
          </Link>
        ))}
      </nav>
      {isClosed ? <EmptyState icon={IconLock} title={t('settings.adminsOnly')} /> : children}
    </Stack>
  )
}
