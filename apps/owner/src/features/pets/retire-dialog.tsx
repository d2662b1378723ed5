import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMounted } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Pet, PetAppointment } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { QueryPending, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../components/links.tsx'
import { useClinic, useLongDate } from '../../session/clinic.tsx'

interface RetireDialogProps {
  pet: Pet
  isOpen: boolean
  isBusy: boolean
  onClose: () => void
  onRetire: () => void
}

/** Explains retiring a pet and lists its upcoming appointments, which it does not cancel. */
export default function RetireDialog({ pet, isOpen, isBusy, onClose, onRetire }: RetireDialogProps) {
  const { t } = useTranslation(['owner', 'ui'])
  const trpc = useTRPC()
  // Mounted closed, however late it loads: on closing it returns the focus to what had it when it opened.
  const isMounted = useMounted()
  const upcoming = useQuery(trpc.pets.upcoming.queryOptions({ petId: pet.id }, { staleTime: 0 }))
  return (
    <Modal
      opened={isOpen && isMounted}
      onClose={onClose}
      title={t('owner:pets.retireTitle', { pet: pet.name })}
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
    >
      <Stack>
        <Text>{t('owner:pets.retireLead')}</Text>
        {upcoming.data !== undefined ? (
          <Upcoming appointments={upcoming.data} />
        ) : (
          <QueryPending query={upcoming} rows={1} height={40} />
        )}
        <Group grow>
          <Button variant="default" onClick={onClose}>
            {t('owner:pets.retireKeep')}
          </Button>
          <Button color="red.9" loading={isBusy} disabled={upcoming.data === undefined} onClick={onRetire}>
            {t('owner:pets.retireSubmit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface UpcomingProps {
  appointments: readonly PetAppointment[]
}

function Upcoming({ appointments }: UpcomingProps) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const longDate = useLongDate()
  if (appointments.length === 0) return null
  return (
    <Stack gap="xs">
      <Text fw={600}>{t('pets.upcoming', { count: appointments.length })}</Text>
      <Stack component="ul" gap={4} m={0} ps="lg">
        {appointments.map(({ id, serviceName, startTime }) => (
          <li key={id}>
            {t('pets.upcomingItem', {
              date: longDate(startTime),
              time: timeOf(startTime),
              service: serviceName ?? t('appointments.aService'),
            })}
          </li>
        ))}
      </Stack>
      <Text size="sm">
        {t('pets.upcomingHint')}{' '}
        <TextLink to="/$clinic/portal/appointments" params={{ clinic: clinic.id }} size="sm">
          {t('pets.seeAppointments')}
        </TextLink>
      </Text>
    </Stack>
  )
}
