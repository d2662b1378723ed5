import { Alert, Button, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconCalendarHeart, IconCircleCheck, IconLock } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { AppointmentView } from '@vetcita/contracts'
import { EmptyState, ErrorState, ListSkeleton, useTRPC } from '@vetcita/ui'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic, useStanding } from '../../lib/clinic.tsx'
import { ButtonLink } from '../../lib/links.tsx'
import { AppointmentCard } from './appointment-card.tsx'
import { type Change, ChangeDialogs } from './change-dialogs.tsx'

/** A person's appointments at this clinic: what comes, what was, and how to change it. */
export function AppointmentsPage() {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const standing = useStanding()
  return (
    <Stack gap="xl">
      <title>{`${t('owner:appointments.title')} · ${clinic.name}`}</title>
      <Title>{t('owner:appointments.title')}</Title>
      {standing === 'unknown' ? <ListSkeleton rows={3} height={150} /> : null}
      {standing === 'visitor' ? (
        <EmptyState icon={IconLock} title={t('owner:appointments.signIn')}>
          <ButtonLink
            to="/$clinic/login"
            params={{ clinic: clinic.id }}
            search={{ back: `/${clinic.id}/portal/appointments` }}
          >
            {t('ui:auth.signIn')}
          </ButtonLink>
        </EmptyState>
      ) : null}
      {standing === 'stranger' ? <NoAppointments title={t('owner:appointments.notClient')} /> : null}
      {standing === 'member' ? <Appointments /> : null}
    </Stack>
  )
}

function NoAppointments({ title }: { title: string }) {
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

type Open = { id: string; dialog: Change } | null

function Appointments() {
  const { t } = useTranslation('owner')
  const [open, setOpen] = useState<Open>(null)
  const [outcome, setOutcome] = useState('')
  const upcoming = useAppointments('upcoming')
  const past = useAppointments('past')
  const opened = open === null ? undefined : upcoming.items?.find(({ id }) => id === open.id)
  const close = () => setOpen(null)
  const finish = (sentence: string) => {
    setOutcome(sentence)
    close()
  }
  return (
    <>
      <div role="status">
        {outcome === '' ? null : (
          <Alert role="group" color="petrol" icon={<IconCircleCheck aria-hidden />}>
            {outcome}
          </Alert>
        )}
      </div>
      <section aria-labelledby="upcoming">
        <Title order={2} id="upcoming" mb="md">
          {t('appointments.upcoming')}
        </Title>
        <List list={upcoming} empty={<NoAppointments title={t('appointments.noUpcoming')} />}>
          {(appointment) => (
            <AppointmentCard
              appointment={appointment}
              onMove={() => setOpen({ id: appointment.id, dialog: 'move' })}
              onCancel={() => setOpen({ id: appointment.id, dialog: 'cancel' })}
            />
          )}
        </List>
      </section>
      <section aria-labelledby="past">
        <Title order={2} id="past" mb="md">
          {t('appointments.past')}
        </Title>
        <List list={past} empty={<Text c="dimmed">{t('appointments.noPast')}</Text>}>
          {(appointment) => <AppointmentCard appointment={appointment} />}
        </List>
      </section>
      <ChangeDialogs appointment={opened} open={open?.dialog ?? null} onClose={close} onDone={finish} />
    </>
  )
}

function useAppointments(when: 'upcoming' | 'past') {
  const trpc = useTRPC()
  const query = useInfiniteQuery(
    trpc.appointments.mine.infiniteQueryOptions(
      { when, limit: 10 },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  )
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) }
}

interface ListProps {
  list: ReturnType<typeof useAppointments>
  empty: ReactNode
  children: (appointment: AppointmentView) => ReactNode
}

function List({ list, empty, children }: ListProps) {
  const { t } = useTranslation('owner')
  if (list.items === undefined) {
    if (list.error) return <ErrorState error={list.error} onRetry={() => list.refetch()} />
    return <ListSkeleton rows={2} height={150} />
  }
  if (list.items.length === 0) return empty
  return (
    <Stack>
      <SimpleGrid component="ul" cols={{ base: 1, md: 2 }} m={0} p={0} style={{ listStyle: 'none' }}>
        {list.items.map((appointment) => (
          <li key={appointment.id}>{children(appointment)}</li>
        ))}
      </SimpleGrid>
      {list.hasNextPage ? (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('appointments.more')}
        </Button>
      ) : null}
    </Stack>
  )
}
