import { Button, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconCalendarHeart } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { AppointmentView } from '@vetcita/contracts'
import { EmptyState, ErrorState, QueryPending, useTRPC } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NoticeRule } from '../../appointment/notice-rule.tsx'
import { ButtonLink } from '../../components/links.tsx'
import { useClinic } from '../../session/clinic.tsx'
import { MembersOnly } from '../../session/members-only.tsx'
import { AppointmentCard } from './appointment-card.tsx'
import { ChangeDialogs, ChangeOutcome, useChanges } from './change-dialogs.tsx'

/** The user's upcoming and past appointments at this clinic. */
export function AppointmentsPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack gap="xl">
      <title>{`${t('appointments.title')} · ${clinic.name}`}</title>
      <Title>{t('appointments.title')}</Title>
      <MembersOnly>
        <Appointments />
      </MembersOnly>
    </Stack>
  )
}

function Appointments() {
  const { t } = useTranslation('owner')
  const { done, ask, dialogs } = useChanges()
  const upcoming = useAppointments('upcoming')
  const past = useAppointments('past')
  return (
    <>
      <ChangeOutcome done={done} />
      <section aria-labelledby="upcoming">
        <Stack gap={4} mb="md">
          <Title order={2} id="upcoming">
            {t('appointments.upcoming')}
          </Title>
          {upcoming.items?.length === 0 ? null : <NoticeRule />}
        </Stack>
        <List list={upcoming} empty={<NoUpcoming />}>
          {(appointment) => (
            <AppointmentCard appointment={appointment} onChange={(change) => ask(appointment, change)} />
          )}
        </List>
      </section>
      {/* waits for the upcoming ones, whose number decides where it begins */}
      {upcoming.isPending ? null : (
        <section aria-labelledby="past">
          <Title order={2} id="past" mb="md">
            {t('appointments.past')}
          </Title>
          <List list={past} empty={<Text c="dimmed">{t('appointments.noPast')}</Text>}>
            {(appointment) => <AppointmentCard appointment={appointment} />}
          </List>
        </section>
      )}
      <ChangeDialogs {...dialogs} />
    </>
  )
}

function NoUpcoming() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <EmptyState icon={IconCalendarHeart} title={t('appointments.noUpcoming')}>
      <ButtonLink to="/$clinic/book" params={{ clinic: clinic.id }}>
        {t('clinic.book')}
      </ButtonLink>
    </EmptyState>
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
  if (list.items === undefined) return <QueryPending query={list} rows={2} height={150} />
  if (list.items.length === 0) return empty
  return (
    <Stack>
      <SimpleGrid component="ul" cols={{ base: 1, md: 2 }} m={0} p={0} style={{ listStyle: 'none' }}>
        {list.items.map((appointment) => (
          <li key={appointment.id}>{children(appointment)}</li>
        ))}
      </SimpleGrid>
      {list.isFetchNextPageError ? <ErrorState error={list.error} /> : null}
      {list.hasNextPage ? (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('appointments.more')}
        </Button>
      ) : null}
    </Stack>
  )
}
