import { Avatar, Container, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconChevronRight, IconHome } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ColorSchemeSwitch, EmptyState, LanguageSwitch, QueryPending, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

/** The start page: a list of all clinics. */
export function ClinicList() {
  const { t } = useTranslation('owner')
  return (
    <>
      <title>{t('title')}</title>
      <header className="site-header">
        <Container size="lg" className="site-header-row">
          <Link to="/" className="brand">
            <img src="/favicon.svg" alt="" />
            <span>{t('title')}</span>
          </Link>
          <div className="site-tools" style={{ marginInlineStart: 'auto' }}>
            <LanguageSwitch />
            <ColorSchemeSwitch />
          </div>
        </Container>
      </header>
      <Container size="sm" component="main" className="page">
        <Stack gap="xl">
          <Stack gap="xs">
            <Title>{t('clinics.title')}</Title>
            <Text c="dimmed">{t('clinics.lead')}</Text>
          </Stack>
          <Clinics />
        </Stack>
      </Container>
    </>
  )
}

function Clinics() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const clinics = useQuery(trpc.clinic.list.queryOptions())
  if (clinics.data === undefined) return <QueryPending query={clinics} rows={2} height={74} />
  if (clinics.data.length === 0) return <EmptyState icon={IconHome} title={t('clinics.empty')} />
  return (
    <SimpleGrid cols={1} spacing="sm">
      {clinics.data.map((clinic) => (
        <Link key={clinic.id} to="/$clinic" params={{ clinic: clinic.id }} className="choice">
          <Avatar name={clinic.name} color="petrol" radius="md" aria-hidden />
          <Group justify="space-between" flex={1} wrap="nowrap">
            <Text fw={600}>{clinic.name}</Text>
            <IconChevronRight size={20} aria-hidden />
          </Group>
        </Link>
      ))}
    </SimpleGrid>
  )
}
