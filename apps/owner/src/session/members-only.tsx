import { IconLock } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { EmptyState, ListSkeleton } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../components/links.tsx'
import { useClinic, useMembership } from './clinic.tsx'

/** Shows its children to members of the clinic; offers anyone else to sign in or to join, and to return here. */
export function MembersOnly({ children }: { children: ReactNode }) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const membership = useMembership()
  const here = useLocation().href
  if (membership === 'member') return children
  const isStranger = membership === 'stranger'
  if (membership === 'unknown') return <ListSkeleton rows={2} height={120} />
  return (
    <EmptyState
      icon={IconLock}
      title={isStranger ? t('owner:signIn.notHere', { clinic: clinic.name }) : t('owner:signIn.needed')}
    >
      <ButtonLink to="/$clinic/login" params={{ clinic: clinic.id }} search={{ back: here }}>
        {isStranger ? t('owner:signIn.join') : t('ui:auth.signIn')}
      </ButtonLink>
    </EmptyState>
  )
}
