import { ActionIcon, Group, Stack, Text } from '@mantine/core'
import { IconMinus, IconPlus, IconTrash } from '@tabler/icons-react'
import { limits } from '@vetcita/contracts/limits'
import { useTranslation } from 'react-i18next'
import { type Item, useCart } from './cart.ts'

interface QuantityProps {
  item: Item
  name: string
  /** How many the clinic has; undefined if unknown, or for a service. */
  stock: number | undefined
}

/**
 * One less, the quantity, one more, up to the stock. At the limit the button is not disabled, so that it keeps the focus,
 * and a line says why it does nothing.
 */
export function Quantity({ item, name, stock }: QuantityProps) {
  const { t } = useTranslation('owner')
  const cart = useCart()
  const quantity = cart.quantityOf(item)
  const limit = Math.min(limits.cartQuantity, stock ?? limits.cartQuantity)
  const isFull = quantity >= limit
  const isLast = quantity === 1
  return (
    <Stack gap={2} align="center">
      <Group gap={4} wrap="nowrap">
        <ActionIcon
          variant="default"
          size={40}
          aria-label={t(isLast ? 'store.remove' : 'store.minus', { item: name })}
          onClick={() => cart.step(item, -1, limit)}
        >
          {isLast ? <IconTrash size={18} aria-hidden /> : <IconMinus size={18} aria-hidden />}
        </ActionIcon>
        <Text
          miw={34}
          ta="center"
          fw={650}
          aria-live="polite"
          aria-label={t('store.quantity', { item: name, count: quantity })}
          role="status"
        >
          {quantity}
        </Text>
        <ActionIcon
          variant="default"
          size={40}
          aria-label={t('store.plus', { item: name })}
          aria-disabled={isFull}
          {...(isFull ? { 'data-disabled': true } : {})}
          onClick={() => cart.step(item, 1, limit)}
        >
          <IconPlus size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <Text size="xs" c="dimmed" role="status">
        {isFull ? t(quantity >= limits.cartQuantity ? 'store.limitOfCart' : 'store.limit') : ''}
      </Text>
    </Stack>
  )
}
