import { Button, Menu, Text } from '@mantine/core'
import { IconBuildingHospital, IconCheck, IconSelector } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Membership } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'
import { useStaffSession } from '../../session/staff-session.ts'

/** The clinic's name, as a menu for staff of several clinics. */
export function ClinicSwitch({ clinic }: { clinic: Membership }) {
  const { t } = useTranslation('staff')
  const { clinics } = useStaffSession()
  if (clinics.length === 1) {
    return (
      <Text fw={600} truncate>
        {clinic.name}
      </Text>
    )
  }
  return (
    <Menu position="bottom-start" withInitialFocusPlaceholder={false} width="target" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          maw="100%"
          aria-label={`${t('clinic.switch')}: ${clinic.name}`}
          rightSection={<IconSelector size={16} aria-hidden />}
        >
          <Text span truncate inherit>
            {clinic.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown miw={240}>
        <Menu.Label>{t('clinic.switch')}</Menu.Label>
        {clinics.map(({ id, name }) => (
          <Menu.Item
            key={id}
            renderRoot={(props) => <Link to="/$clinic/day" params={{ clinic: id }} {...props} />}
            leftSection={<IconBuildingHospital size={18} aria-hidden />}
            rightSection={id === clinic.id ? <IconCheck size={18} aria-hidden /> : null}
            {...(id === clinic.id ? { 'aria-current': 'page' } : {})}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
