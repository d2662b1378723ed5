import { Container } from '@mantine/core'
import {
  IconBuildingHospital,
  IconCalendarHeart,
  IconCalendarPlus,
  IconLogin2,
  IconPaw,
  IconShoppingBag,
  IconUserCircle,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { ColorSchemeSwitch, LanguageSwitch, OfflineNotice, useSession } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../components/links.tsx'
import { useClinic } from '../../session/clinic.tsx'

interface ClinicShellProps {
  /** The number of items in the cart, shown beside the link to the store. */
  cartCount: ReactNode
  /** Where signing in leads back to. */
  here: string
  children: ReactNode
}

/** A clinic's header, navigation (a bar at the bottom on phones) and current page. */
export function ClinicShell({ cartCount, here, children }: ClinicShellProps) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  return (
    <>
      <a href="#content" className="vc-skip-link">
        {t('ui:states.skipToContent')}
      </a>
      <header className="site-header">
        <Container size="lg" className="site-header-row">
          <Link to="/$clinic" params={{ clinic: clinic.id }} className="brand">
            <img src="/favicon.svg" alt="" />
            <span>{clinic.name}</span>
          </Link>
          <nav className="site-nav" aria-label={t('owner:nav.main')}>
            <NavLinks cartCount={cartCount} />
          </nav>
          <div className="site-tools">
            <LanguageSwitch />
            <ColorSchemeSwitch />
            <Account here={here} />
          </div>
        </Container>
        <OfflineNotice />
      </header>
      <main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <Container size="lg" className="page">
          {children}
        </Container>
      </main>
      <nav className="tab-bar" aria-label={t('owner:nav.main')}>
        <NavLinks cartCount={cartCount} withIcons />
      </nav>
    </>
  )
}

function NavLinks({ cartCount, withIcons = false }: { cartCount: ReactNode; withIcons?: boolean }) {
  const { t } = useTranslation('owner')
  const params = { clinic: useClinic().id }
  const icon = (Icon: typeof IconShoppingBag) =>
    withIcons ? <Icon size={22} stroke={1.6} aria-hidden /> : null
  return (
    <>
      <Link to="/$clinic" params={params} activeOptions={{ exact: true, includeSearch: false }}>
        {icon(IconBuildingHospital)}
        {t('nav.clinic')}
      </Link>
      <Link to="/$clinic/book" params={params} activeOptions={{ includeSearch: false }}>
        {icon(IconCalendarPlus)}
        {t('nav.book')}
      </Link>
      <Link to="/$clinic/portal/appointments" params={params}>
        {icon(IconCalendarHeart)}
        {t('nav.appointments')}
      </Link>
      <Link to="/$clinic/portal/pets" params={params}>
        {icon(IconPaw)}
        {t('nav.pets')}
      </Link>
      <Link to="/$clinic/store" params={params} activeOptions={{ includeSearch: false }}>
        {icon(IconShoppingBag)}
        {t('nav.store')}
        {cartCount}
      </Link>
    </>
  )
}

function Account({ here }: { here: string }) {
  const { t } = useTranslation(['owner', 'ui'])
  const { user } = useSession()
  const clinic = useClinic()
  if (user === undefined) return null
  if (user === null) {
    return (
      <ButtonLink
        to="/$clinic/login"
        params={{ clinic: clinic.id }}
        search={{ back: here }}
        size="compact-md"
        variant="light"
        aria-label={t('ui:auth.signIn')}
      >
        <IconLogin2 size={20} aria-hidden />
        <span className="sign-in-word">{t('ui:auth.signIn')}</span>
      </ButtonLink>
    )
  }
  const link = t('owner:nav.accountOf', { name: user.name })
  return (
    <ButtonLink
      to="/$clinic/account"
      params={{ clinic: clinic.id }}
      size="compact-md"
      variant="subtle"
      color="gray"
      aria-label={link}
      title={link}
    >
      <IconUserCircle size={22} stroke={1.6} aria-hidden />
      <span className="account-name">{user.name}</span>
    </ButtonLink>
  )
}
