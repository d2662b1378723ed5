import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconKey, IconMail, IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Client, Visit } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { formatDate, QueryPending, useLanguage, useTRPC } from '@vetcita/ui'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { VisitList } from '../../appointment/visit-list.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { usePageTitle } from '../../components/page-title.ts'
import { PhoneLink } from '../../components/phone-link.tsx'
import { AccessDialog } from './access-dialog.tsx'
import { AccountBadge } from './account-badge.tsx'
import { EditClientDialog } from './edit-client-dialog.tsx'
import { PetList } from './pet-list.tsx'

/** A client's record: contact, pets and visits. */
export function ClientPage({ clinic, clientId }: { clinic: string; clientId: string }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const client = useQuery(trpc.clients.get.queryOptions({ clientId }))
  return (
    <Stack gap="md" className="vs-office">
      <Anchor
        className="vs-back"
        renderRoot={(props) => <Link to="/$clinic/clients" params={{ clinic }} {...props} />}
      >
        <IconArrowLeft size={18} aria-hidden /> {t('clients.back')}
      </Anchor>
      {client.data === undefined ? (
        <QueryPending query={client} rows={3} height={140} />
      ) : client.data.success ? (
        <ClientRecord clinic={clinic} client={client.data.client} />
      ) : (
        <PageHead title={t('clients.gone')} subtitle={t('clients.goneHint')} />
      )}
    </Stack>
  )
}

function ClientRecord({ clinic, client }: { clinic: string; client: Client }) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [open, setOpen] = useState<'edit' | 'access' | null>(null)
  const close = () => setOpen(null)
  usePageTitle(client.fullName)
  return (
    <>
      <PageHead
        title={client.fullName}
        subtitle={
          <Group gap="sm">
            {t('clients.since', { date: formatDate(client.since, 'full', language) })}
            {client.isStaff ? (
              <Badge className="vs-badge" variant="light" tt="none" fw={600}>
                {t('clients.staff')}
              </Badge>
            ) : (
              <AccountBadge hasAccount={client.hasAccount} />
            )}
          </Group>
        }
      >
        {client.isStaff ? null : (
          <Button
            variant="default"
            leftSection={<IconPencil size={18} aria-hidden />}
            onClick={() => setOpen('edit')}
          >
            {t('office.edit')}
          </Button>
        )}
        {client.isStaff || client.hasAccount ? null : (
          <Button leftSection={<IconKey size={18} aria-hidden />} onClick={() => setOpen('access')}>
            {t('clients.invite')}
          </Button>
        )}
      </PageHead>
      <Group gap="lg">
        <PhoneLink owner={client} />
        {client.email === null ? null : (
          <Anchor href={`mailto:${client.email}`} className="vs-phone vs-email">
            <IconMail size={16} aria-hidden /> {client.email}
          </Anchor>
        )}
      </Group>
      <div className="vs-columns">
        <Section title={t('clients.pets')}>
          <PetList clientId={client.id} pets={client.pets} />
        </Section>
        <Stack gap="md">
          <Visits title={t('clients.upcoming')} visits={client.upcoming} none={t('clients.noUpcoming')} />
          <Visits title={t('clients.past')} visits={client.past} none={t('clients.noPast')} />
        </Stack>
      </div>
      {open === 'edit' ? <EditClientDialog client={client} onClose={close} /> : null}
      {open === 'access' ? <AccessDialog clinic={clinic} client={client} onClose={close} /> : null}
    </>
  )
}

function Visits({ title, visits, none }: { title: string; visits: readonly Visit[]; none: string }) {
  const { t } = useTranslation('staff')
  return (
    <Section title={title}>
      {visits.length === 0 ? <Text c="dimmed">{none}</Text> : <VisitList visits={visits} label={title} />}
      {visits.length < limits.clientVisits ? null : (
        <Text size="sm" c="dimmed" mt="xs">
          {t('clients.onlyNearest', { count: limits.clientVisits })}
        </Text>
      )}
    </Section>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const heading = useId()
  return (
    <section className="vc-surface vs-part" aria-labelledby={heading}>
      <Title order={2} size="h3" id={heading} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  )
}
