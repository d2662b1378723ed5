import { Anchor, List, Stack, Text } from '@mantine/core'
import { IconBuildingHospital } from '@tabler/icons-react'
import { createFileRoute, Link, Outlet } from '@tanstack/react-router'
import type { Membership } from '@vetcita/contracts'
import { ApiProvider, EmptyState } from '@vetcita/ui'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { PlainFrame } from '../../features/access/plain-frame.tsx'
import { ClinicFrame } from '../../features/shell/clinic-frame.tsx'
import { rememberClinic } from '../../session/last-clinic.ts'
import { LiveProvider } from '../../session/live-provider.tsx'
import { useStaffSession } from '../../session/staff-session.ts'

export const Route = createFileRoute('/$clinic')({ component: ClinicLayout })

function ClinicLayout() {
  const slug = Route.useParams().clinic
  const { clinics } = useStaffSession()
  const clinic = clinics.find(({ id }) => id === slug)
  const known = clinic?.id
  useEffect(() => {
    if (known !== undefined) rememberClinic(known)
  }, [known])
  if (clinic === undefined) return <OtherClinics clinics={clinics} />
  return (
    <ApiProvider clinic={clinic.id}>
      <LiveProvider clinic={clinic.id}>
        <ClinicFrame clinic={clinic}>
          <Outlet />
        </ClinicFrame>
      </LiveProvider>
    </ApiProvider>
  )
}

/** Shown alike for another clinic and for one that does not exist, with links to the user's own. */
function OtherClinics({ clinics }: { clinics: readonly Membership[] }) {
  const { t } = useTranslation('staff')
  return (
    <PlainFrame>
      <EmptyState icon={IconBuildingHospital} title={t('clinic.notYours')} order={1}>
        <Stack gap="xs" align="center">
          <Text>{t('clinic.yours')}</Text>
          <List listStyleType="none">
            {clinics.map(({ id, name }) => (
              <List.Item key={id}>
                <Anchor renderRoot={(props) => <Link to="/$clinic/day" params={{ clinic: id }} {...props} />}>
                  {name}
                </Anchor>
              </List.Item>
            ))}
          </List>
        </Stack>
      </EmptyState>
    </PlainFrame>
  )
}
