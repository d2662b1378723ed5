import { ActionIcon, Menu, Text } from '@mantine/core'
import { IconLogout, IconUser } from '@tabler/icons-react'
import type { Membership } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'
import { useStaffSession } from '../../session/staff-session.ts'

interface UserMenuProps {
  clinic: Membership
  onSignOutFailed: () => void
}

/** The signed-in user, their role, and signing out. */
export function UserMenu({ clinic, onSignOutFailed }: UserMenuProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const { user, leave } = useStaffSession()
  const name = clinic.fullName ?? user.name
  const label = t('user.menu', { name })
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="light" size="lg" radius="xl" aria-label={label} title={label}>
          <IconUser size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown miw={220}>
        <Menu.Label>
          <Text fw={600} c="var(--mantine-color-text)">
            {name}
          </Text>
          <Text size="sm">{user.email}</Text>
          <Text size="sm">
            {t(`user.role.${clinic.role}`)} · {clinic.name}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={18} aria-hidden />}
          onClick={async () => {
            if (!(await leave())) onSignOutFailed()
          }}
        >
          {t('ui:auth.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
