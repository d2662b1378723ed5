import { Button, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconPaw } from '@tabler/icons-react'
import type { Membership } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../components/page-title.ts'
import { PlainFrame } from './plain-frame.tsx'

interface NotStaffPageProps {
  user: { name: string; email: string }
  clinics: readonly Membership[]
  onSignOut: () => Promise<boolean>
}

/** For a signed-in user who is not on any clinic's staff: leads to their own appointments. */
export function NotStaffPage({ user, clinics, onSignOut }: NotStaffPageProps) {
  const { t } = useTranslation(['staff', 'ui'])
  usePageTitle(t('notStaff.title'))
  const [clinic] = clinics
  return (
    <PlainFrame>
      <div className="vc-surface vs-panel">
        <Stack align="center" gap="sm" ta="center">
          <ThemeIcon variant="light" size={64} radius="xl">
            <IconPaw size={32} stroke={1.5} aria-hidden />
          </ThemeIcon>
          <Title order={1} size="h2">
            {t('notStaff.title')}
          </Title>
          <Text>{t('notStaff.lead', { name: user.name, email: user.email })}</Text>
          <Button
            component="a"
            href={clinic === undefined ? '/' : `/${clinic.id}/portal/appointments`}
            mt="sm"
          >
            {t('notStaff.toOwners')}
          </Button>
          <Text size="sm" c="dimmed" mt="md">
            {t('notStaff.invite')}
          </Text>
          <Button variant="subtle" size="sm" onClick={() => onSignOut()}>
            {t('ui:auth.signOut')}
          </Button>
        </Stack>
      </div>
    </PlainFrame>
  )
}
