import {
  IconCalendarWeek,
  IconListCheck,
  IconSettings,
  IconShoppingBag,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import type { Membership } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'
import type { es } from '../../i18n/es.ts'

interface Section {
  to: '/$clinic/today' | '/$clinic/day' | '/$clinic/clients' | '/$clinic/products' | '/$clinic/settings'
  text: Exclude<keyof typeof es.nav, 'label'>
  icon: typeof IconListCheck
}

/** The sections of a clinic's app, in the order of a working day. */
const SECTIONS: readonly Section[] = [
  { to: '/$clinic/today', text: 'today', icon: IconListCheck },
  { to: '/$clinic/day', text: 'calendar', icon: IconCalendarWeek },
  { to: '/$clinic/clients', text: 'clients', icon: IconUsers },
  { to: '/$clinic/products', text: 'products', icon: IconShoppingBag },
  { to: '/$clinic/settings', text: 'settings', icon: IconSettings },
]

export function MainNav({ clinic }: { clinic: Membership }) {
  const { t } = useTranslation('staff')
  const { pathname } = useLocation()
  return (
    <nav className="vs-nav" aria-label={t('nav.label')}>
      {SECTIONS.map(({ to, text, icon: Icon }) => (
        <Link
          key={text}
          to={to}
          params={{ clinic: clinic.id }}
          className="vs-nav-link"
          activeOptions={{ includeSearch: false }}
          // the week is the other view of the calendar
          {...(text === 'calendar' && pathname.endsWith('/week') ? { 'aria-current': 'page' } : {})}
        >
          <Icon size={20} stroke={1.8} aria-hidden />
          <span>{t(`nav.${text}`)}</span>
        </Link>
      ))}
    </nav>
  )
}
