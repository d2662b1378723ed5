import { ActionIcon, Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconShoppingBag, IconX } from '@tabler/icons-react'
import { EmptyState, QueryPending, useErrorSentence } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../components/links.tsx'
import { useClinic, useMembership, useMoney } from '../../session/clinic.tsx'
import { type ShownLine, useCart } from './cart.ts'
import { Quantity } from './quantity.tsx'
import { totalOf } from './total.ts'

/** The cart's lines, its total, and where it is kept. */
export function CartPanel({ back }: { back: string }) {
  const { t } = useTranslation('owner')
  const { lines, error, refetch, changeError } = useCart()
  const sentence = useErrorSentence()
  const money = useMoney()
  if (lines === undefined) return <QueryPending query={{ error, refetch }} rows={2} height={64} />
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
          <Stack component="ul" className="cart-lines" gap={0} m={0} p={0} aria-label={t('cart.title')}>
            {lines.map((line) => (
              <Line key={`${line.type} ${line.id}`} line={line} />
            ))}
          </Stack>
          <Group justify="space-between" pt="sm">
            <Text fw={650}>{t('cart.total')}</Text>
            <Text fw={700} size="lg" role="status">
              {money(totalOf(lines))}
            </Text>
          </Group>
        </>
      )}
      <Storage back={back} />
    </Stack>
  )
}

function Line({ line }: { line: ShownLine }) {
  const { t } = useTranslation('owner')
  const money = useMoney()
  const cart = useCart()
  const name = line.name ?? t('cart.unknownItem')
  return (
    <Stack component="li" className="cart-line" gap={6} py="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={550} lh={1.3}>
            {name}
          </Text>
          {line.unitPrice === null || !line.available ? null : (
            <Text size="sm" c="dimmed">
              {t('cart.each', { price: money(line.unitPrice) })}
            </Text>
          )}
        </div>
        {line.quantity > 1 || !line.available ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('store.remove', { item: name })}
            onClick={() => cart.set(itemOf(line), 0)}
          >
            <IconX size={18} aria-hidden />
          </ActionIcon>
        ) : null}
      </Group>
      {line.available ? (
        <>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Quantity item={itemOf(line)} name={name} stock={line.stock} />
            <Text size="sm" ta="end" lh="40px" fw={550}>
              {line.unitPrice === null ? '…' : money(line.unitPrice * line.quantity)}
            </Text>
          </Group>
          <StockShortage line={line} name={name} />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t('cart.unavailable')}
        </Text>
      )}
    </Stack>
  )
}

/** If a line exceeds the stock: says so and offers what is left. */
function StockShortage({ line, name }: { line: ShownLine; name: string }) {
  const { t } = useTranslation('owner')
  const cart = useCart()
  const { stock } = line
  if (stock === undefined || line.quantity <= stock) return null
  return (
    <Group gap="xs">
      <Text size="sm" c="var(--mantine-color-error)" role="status">
        {stock <= 0 ? t('cart.noneLeft') : t('cart.short', { count: stock })}
      </Text>
      {stock <= 0 ? null : (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('cart.keepLabel', { count: stock, item: name })}
          onClick={() => cart.set(itemOf(line), stock)}
        >
          {t('cart.keep', { count: stock })}
        </Button>
      )}
    </Group>
  )
}

function itemOf({ type, id, name }: ShownLine) {
  return { type, id, ...(name === null ? {} : { name }) }
}

/** Says where the cart is kept; offers visitors to sign in. */
function Storage({ back }: { back: string }) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const { storage } = useCart()
  const isStranger = useMembership() === 'stranger'
  if (storage === 'account') {
    return (
      <Text size="sm" c="dimmed">
        {t('owner:cart.account')}
      </Text>
    )
  }
  return (
    <Text size="sm" c="dimmed">
      {t(isStranger ? 'owner:cart.join' : 'owner:cart.device')}{' '}
      <TextLink to="/$clinic/login" params={{ clinic: clinic.id }} search={{ back }} size="sm">
        {t(isStranger ? 'owner:cart.joinLink' : 'ui:auth.signIn')}
      </TextLink>
    </Text>
  )
}
