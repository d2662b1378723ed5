import { Alert, Button, Container, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { IconAlertCircle, IconWifiOff } from '@tabler/icons-react'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorSentence } from '../api/error-sentence.ts'

interface ErrorStateProps {
  /** What a query or mutation threw. */
  error: unknown
  onRetry?: () => void
}

/** In place of a part that could not be loaded: what happened, in the user's language, and a way to try again. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { t } = useTranslation('ui')
  const sentence = useErrorSentence()
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />} title={t('states.errorTitle')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{sentence(error)}</Text>
        {onRetry === undefined ? null : (
          <Button variant="default" size="sm" onClick={onRetry}>
            {t('states.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** A page that failed to render, most likely because a part of the app could not be loaded: offers to load it again. */
export function PageError({ error }: { error: unknown }) {
  return (
    <Container size="xs" py="xl">
      <ErrorState error={error} onRetry={() => window.location.reload()} />
    </Container>
  )
}

interface EmptyStateProps {
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
  title: string
  /** The heading's level: 1 if it is the page's only one. */
  order?: 1 | 2
  children?: ReactNode
}

/** In place of an empty list: says so, and offers the next step as children. */
export function EmptyState({ icon: Icon, title, order = 2, children }: EmptyStateProps) {
  return (
    <Stack align="center" gap="sm" py="xl" px="md" ta="center">
      <ThemeIcon variant="light" size={64} radius="xl">
        <Icon size={32} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Title order={order} size="h3">
        {title}
      </Title>
      {children}
    </Stack>
  )
}

/** In place of a list that is loading: rows as tall as the real ones, invisible for their first 150 ms. */
export function ListSkeleton({ rows, height }: { rows: number; height: number }) {
  const { t } = useTranslation('ui')
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 150)
    return () => clearTimeout(timer)
  }, [])
  const keys = Array.from({ length: rows }, (_, row) => `row-${row}`)
  return (
    <Stack aria-busy role="status" aria-label={t('states.loading')} gap="sm">
      {keys.map((key) => (
        <Skeleton key={key} height={height} radius="lg" style={{ opacity: visible ? 1 : 0 }} />
      ))}
    </Stack>
  )
}

interface QueryPendingProps {
  query: { error: unknown; refetch: () => unknown }
  rows: number
  /** Pixels of a row. */
  height: number
}

/** What to show until a query has data: a skeleton, or its error with a way to try again. */
export function QueryPending({ query, rows, height }: QueryPendingProps) {
  return query.error === null ? (
    <ListSkeleton rows={rows} height={height} />
  ) : (
    <ErrorState error={query.error} onRetry={() => query.refetch()} />
  )
}

/** A line under the header while the browser reports that it is offline. */
export function OfflineNotice() {
  const { t } = useTranslation('ui')
  const { online } = useNetwork()
  return (
    <div role="status">
      {online ? null : (
        <Alert role="group" color="orange" radius={0} py="xs" icon={<IconWifiOff aria-hidden />}>
          {t('states.offline')}
        </Alert>
      )}
    </div>
  )
}
