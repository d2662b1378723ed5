import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Pet, PetAppointment } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { ErrorState, ListSkeleton, useTRPC } from '@vetcita/ui'
import { useEffect, useState } from 'react'
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

/** What retiring means, and which appointments the pet still has: they stand, and only their owner cancels them. */
export default function RetireDialog({ pet, isOpen, isBusy, onClose, onRetire }: RetireDialogProps) {
  const { t } = useTranslation(['owner', 'ui'])
  const trpc = useTRPC()
  // opened once it is there: what is open from its first moment does not know where to bring the keyboard back to
  const [isThere, setIsThere] = useState(false)
  useEffect(() => setIsThere(true), [])
  const upcoming = useQuery(trpc.pets.upcoming.queryOptions({ petId: pet.id }, { staleTime: 0 }))
  return (
    <Modal
      opened={isOpen && isThere}
      onClose={onClose}
      title={t('owner:pets.retireTitle', { pet: pet.name })}
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
    >
      <Stack>
        <Text>{t('owner:pets.retireLead')}</Text>
        {upcoming.data !== undefined ? (
          <Upcoming appointments={upcoming.data} />
        ) : upcoming.error ? (
          <ErrorState error={upcoming.error} onRetry={() => upcoming.refetch()} />
        ) : (
          <ListSkeleton rows={1} height={40} />
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
