import { Container, Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconPaw } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { ApiProvider, useTRPC } from '@vetcita/ui'
import { type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { ClinicContext } from '../session/clinic.tsx'
import { ButtonLink } from './links.tsx'

/** The page for an unknown address: links to the clinic's pages, or outside a clinic to the list of clinics. */
export function NotFound() {
  const { t } = useTranslation('owner')
  const clinic = useContext(ClinicContext)
  if (clinic === null) {
    return (
      <Message component="main" title={t('notFound.title')} lead={t('notFound.lead')}>
        <ButtonLink to="/">{t('notFound.home')}</ButtonLink>
      </Message>
    )
  }
  const params = { clinic: clinic.id }
  return (
    <Message title={t('notFound.title')} lead={t('notFound.inClinic')}>
      <ButtonLink to="/$clinic" params={params}>
        {clinic.name}
      </ButtonLink>
      <ButtonLink to="/$clinic/book" params={params} variant="default">
        {t('clinic.book')}
      </ButtonLink>
      <ButtonLink to="/$clinic/portal/appointments" params={params} variant="default">
        {t('nav.appointments')}
      </ButtonLink>
      <ButtonLink to="/$clinic/store" params={params} variant="default">
        {t('nav.store')}
      </ButtonLink>
    </Message>
  )
}

/** The page for an unknown clinic, with links to existing ones. */
export function ClinicNotFound({ name }: { name: string }) {
  const { t } = useTranslation('owner')
  return (
    <Message component="main" title={t('notFound.clinic')} lead={t('notFound.clinicLead', { name })}>
      {/* the list of clinics is requested without one */}
      <ApiProvider clinic={undefined}>
        <Clinics />
      </ApiProvider>
    </Message>
  )
}

function Clinics() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const clinics = useQuery(trpc.clinic.list.queryOptions())
  if (clinics.isPending) return <Skeleton className="vc-late" height={42} width={220} />
  return (
    <>
      {clinics.data?.slice(0, 6).map((clinic) => (
        <ButtonLink key={clinic.id} to="/$clinic" params={{ clinic: clinic.id }} variant="default">
          {clinic.name}
        </ButtonLink>
      ))}
      <ButtonLink to="/">{t('notFound.home')}</ButtonLink>
    </>
  )
}

interface MessageProps {
  component?: 'div' | 'main'
  title: string
  lead: string
  children: ReactNode
}

function Message({ component = 'div', title, lead, children }: MessageProps) {
  const { t } = useTranslation('owner')
  return (
    <Container size="sm" py={{ base: 32, sm: 72 }} component={component}>
      <title>{`${title} · ${t('title')}`}</title>
      <Stack align="center" ta="center">
        <ThemeIcon variant="light" size={88} radius="xl">
          <IconPaw size={44} stroke={1.4} aria-hidden />
        </ThemeIcon>
        <Title>{title}</Title>
        <Text c="dimmed" maw={460} style={{ overflowWrap: 'anywhere' }}>
          {lead}
        </Text>
        <Group justify="center">{children}</Group>
      </Stack>
    </Container>
  )
}
