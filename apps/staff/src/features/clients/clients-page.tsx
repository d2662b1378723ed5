import { Anchor, Button, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconSearch, IconUsers } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ClientSummary } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { EmptyState, QueryPending, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../components/data-table.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { usePageTitle } from '../../components/page-title.ts'
import { PhoneLink } from '../../components/phone-link.tsx'
import { usePageKeys } from '../../components/use-page-keys.ts'
import { AccountBadge } from './account-badge.tsx'
import { NewClientDialog } from './new-client-dialog.tsx'

/** Clients that one step of "Show more" adds, and the most that the page shows. */
const PAGE = 30
const MAX_CLIENTS = 90

interface ClientsPageProps {
  clinic: string
  text: string
  onSearch: (text: string) => void
  onCreated: (client: ClientSummary) => void
}

/** The clinic's clients, searched while typing; `n` adds one. */
export function ClientsPage({ clinic, text, onSearch, onCreated }: ClientsPageProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const [limit, setLimit] = useState(PAGE)
  const [isCreating, setCreating] = useState(false)
  const [searched] = useDebouncedValue(text.trim(), 150)
  usePageTitle(t('clients.page'))
  usePageKeys({ n: () => setCreating(true) })
  const search = useQuery(
    trpc.clients.search.queryOptions(searched === '' ? { limit } : { text: searched, limit }, {
      placeholderData: keepPreviousData,
    }),
  )
  return (
    <Stack gap="md" className="vs-office">
      <PageHead title={t('clients.page')}>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setCreating(true)}>
          {t('clients.new')}
        </Button>
      </PageHead>
      <TextInput
        type="search"
        aria-label={t('clients.search')}
        placeholder={t('clients.search')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={text}
        maxLength={limits.searchText}
        onChange={({ currentTarget }) => {
          setLimit(PAGE)
          onSearch(currentTarget.value)
        }}
      />
      {search.data === undefined ? (
        <QueryPending query={search} rows={8} height={44} />
      ) : search.data.clients.length === 0 ? (
        <EmptyState
          icon={IconUsers}
          title={searched === '' ? t('clients.noneYet') : t('clients.none', { text: searched })}
        >
          {searched === '' ? null : (
            <>
              <Text c="dimmed">{t('clients.noneHint')}</Text>
              <Button
                variant="light"
                leftSection={<IconPlus size={18} aria-hidden />}
                onClick={() => setCreating(true)}
              >
                {t('clients.newCalled', { text: searched })}
              </Button>
            </>
          )}
        </EmptyState>
      ) : (
        <>
          <ClientTable clinic={clinic} clients={search.data.clients} />
          {search.data.hasMore && limit < MAX_CLIENTS ? (
            <Button variant="default" onClick={() => setLimit(limit + PAGE)} loading={search.isFetching}>
              {t('office.more')}
            </Button>
          ) : search.data.hasMore ? (
            <Text c="dimmed">{t('clients.refine')}</Text>
          ) : null}
        </>
      )}
      {isCreating ? (
        <NewClientDialog
          typed={text}
          onClose={() => setCreating(false)}
          onCreated={(client) => {
            setCreating(false)
            onCreated(client)
          }}
        />
      ) : null}
    </Stack>
  )
}

function ClientTable({ clinic, clients }: { clinic: string; clients: readonly ClientSummary[] }) {
  const { t } = useTranslation('staff')
  return (
    <DataTable
      caption={t('clients.page')}
      columns={[
        { text: t('clients.name') },
        { text: t('clients.phone') },
        { text: t('clients.pets') },
        { text: t('clients.account') },
      ]}
    >
      {clients.map((client) => (
        <Table.Tr key={client.id}>
          <Table.Td>
            <Anchor
              fw={600}
              renderRoot={(props) => (
                <Link to="/$clinic/clients/$client" params={{ clinic, client: client.id }} {...props} />
              )}
            >
              {client.fullName}
            </Anchor>
          </Table.Td>
          <Table.Td>
            {client.phone === null ? (
              <Text span c="dimmed">
                {t('office.none')}
              </Text>
            ) : (
              <PhoneLink owner={client} />
            )}
          </Table.Td>
          <Table.Td>{client.pets.map(({ name }) => name).join(', ') || t('office.none')}</Table.Td>
          <Table.Td>
            <AccountBadge hasAccount={client.hasAccount} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  )
}
