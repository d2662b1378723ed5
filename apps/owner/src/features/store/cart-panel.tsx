import { Alert, Group, Stack, Text } from '@mantine/core'
import { IconShoppingBag } from '@tabler/icons-react'
import type { CartLine } from '@vetcita/contracts'
import { EmptyState, ErrorState, ListSkeleton, useErrorSentence } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic, useMoney } from '../../lib/clinic.tsx'
import { TextLink } from '../../lib/links.tsx'
import { useCart } from './cart-context.tsx'
import { Quantity } from './quantity.tsx'

/** What a cart costs: the lines that are still sold. */
export function totalOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + (line.available ? (line.unitPrice ?? 0) * line.quantity : 0), 0)
}

/** The lines with their quantities, the total, and where the cart is kept. */
export function CartPanel() {
  const { t } = useTranslation('owner')
  const { lines, error, refetch, changeError } = useCart()
  const sentence = useErrorSentence()
  const money = useMoney()
  if (lines === undefined) {
    return error === null || error === undefined ? (
      <ListSkeleton rows={2} height={64} />
    ) : (
      <ErrorState error={error} onRetry={refetch} />
    )
  }
  return (
    <Stack>
      {changeError === null || changeError === undefined ? null : (
        <Alert role="alert" color="red">
          {t('cart.changeFailed', { why: sentence(changeError) })}
        </Alert>
      )}
      {lines.length === 0 ? (
        <EmptyState icon={IconShoppingBag} title={t('cart.empty')}>
          <Text c="dimmed" size="sm">
            {t('cart.emptyHint')}
          </Text>
        </EmptyState>
      ) : (
        <>
          <Stack
            component="ul"
            gap="md"
            m={0}
            p={0}
            style={{ listStyle: 'none' }}
            aria-label={t('cart.title')}
          >
            {lines.map((line) => (
              <Line key={`${line.type} ${line.id}`} line={line} />
            ))}
          </Stack>
          <Group justify="space-between" pt="sm" style={{ borderTop: '1px solid var(--vc-line)' }}>
            <Text fw={650}>{t('cart.total')}</Text>
            <Text fw={700} size="lg">
              {money(totalOf(lines))}
            </Text>
          </Group>
        </>
      )}
      <Place />
    </Stack>
  )
}

function Line({ line }: { line: CartLine }) {
  const { t } = useTranslation('owner')
  const money = useMoney()
  const name = line.name ?? t('cart.unknownItem')
  return (
    <Stack component="li" gap={6}>
      <Text fw={550} lh={1.3}>
        {name}
      </Text>
      <Group justify="space-between" wrap="nowrap">
        <Quantity item={line} name={name} />
        <Text size="sm" ta="end" {...(line.available ? {} : { c: 'dimmed' })}>
          {!line.available
            ? t('cart.unavailable')
            : line.unitPrice === null
              ? '…'
              : money(line.unitPrice * line.quantity)}
        </Text>
      </Group>
    </Stack>
  )
}

function Place() {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const { place } = useCart()
  return (
    <Text size="sm" c="dimmed">
      {t(place === 'device' ? 'owner:cart.device' : 'owner:cart.account')}{' '}
      {place === 'device' ? (
        <TextLink
          to="/$clinic/login"
          params={{ clinic: clinic.id }}
          search={{ back: `/${clinic.id}/store` }}
          size="sm"
        >
          {t('ui:auth.signIn')}
        </TextLink>
      ) : null}
    </Text>
  )
}
