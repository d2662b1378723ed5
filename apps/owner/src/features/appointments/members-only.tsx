import { IconCalendarHeart, IconLock } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { EmptyState, ListSkeleton } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic, useStanding } from '../../lib/clinic.tsx'
import { ButtonLink } from '../../lib/links.tsx'

/** Its children for a client of the clinic; for anybody else the way to become one, and back here. */
export function MembersOnly({ children }: { children: ReactNode }) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const standing = useStanding()
  const here = useLocation().href
  if (standing === 'member') return children
  if (standing === 'unknown') return <ListSkeleton rows={3} height={150} />
  if (standing === 'stranger') return <NoAppointments title={t('owner:appointments.notClient')} />
  return (
    <EmptyState icon={IconLock} title={t('owner:appointments.signIn')}>
      <ButtonLink to="/$clinic/login" params={{ clinic: clinic.id }} search={{ back: here }}>
        {t('ui:auth.signIn')}
      </ButtonLink>
    </EmptyState>
  )
}

/** Nothing here, and the way to a first appointment. */
export function NoAppointments({ title }: { title: string }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <EmptyState icon={IconCalendarHeart} title={title}>
      <ButtonLink to="/$clinic/book" params={{ clinic: clinic.id }}>
        {t('clinic.book')}
      </ButtonLink>
    </EmptyState>
  )
}
