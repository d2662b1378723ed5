import { Button, Stack, Text } from '@mantine/core'
import { IconPaw } from '@tabler/icons-react'
import type { Membership } from '@vetcita/contracts'
import { EmptyState } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../lib/page-title.ts'
import { PlainFrame } from './plain-frame.tsx'

interface NotStaffPageProps {
  user: { name: string; email: string }
  clinics: readonly Membership[]
  onSignOut: () => Promise<boolean>
}

/** An owner who opens the clinic's app: told kindly, with the way to their own appointments. */
export function NotStaffPage({ user, clinics, onSignOut }: NotStaffPageProps) {
  const { t } = useTranslation(['staff', 'ui'])
  usePageTitle(t('notStaff.title'))
  const [clinic] = clinics
  return (
    <PlainFrame>
      <div className="vc-surface vs-panel">
        <EmptyState icon={IconPaw} title={t('notStaff.title')}>
          <Text>{t('notStaff.lead', { name: user.name, email: user.email })}</Text>
          <Button
            component="a"
            href={clinic === undefined ? '/' : `/${clinic.id}/portal/appointments`}
            mt="sm"
          >
            {t('notStaff.toOwners')}
          </Button>
          <Stack gap={4} align="center" mt="md">
            <Text size="sm" c="dimmed">
              {t('notStaff.invite')}
            </Text>
            <Button variant="subtle" size="sm" onClick={() => onSignOut()}>
              {t('ui:auth.signOut')}
            </Button>
          </Stack>
        </EmptyState>
      </div>
    </PlainFrame>
  )
}
