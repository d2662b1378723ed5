import { ActionIcon, Group, Text } from '@mantine/core'
import { IconMinus, IconPlus, IconTrash } from '@tabler/icons-react'
import { MAX_QUANTITY } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { type Item, useCart } from './cart-context.tsx'

/** One less, how many, one more. */
export function Quantity({ item, name }: { item: Item; name: string }) {
  const { t } = useTranslation('owner')
  const cart = useCart()
  const quantity = cart.quantityOf(item)
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={t(quantity === 1 ? 'store.remove' : 'store.less', { item: name })}
        onClick={() => cart.set(item, quantity - 1)}
      >
        {quantity === 1 ? <IconTrash size={18} aria-hidden /> : <IconMinus size={18} aria-hidden />}
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
        size="lg"
        aria-label={t('store.more', { item: name })}
        disabled={quantity >= MAX_QUANTITY}
        onClick={() => cart.set(item, quantity + 1)}
      >
        <IconPlus size={18} aria-hidden />
      </ActionIcon>
    </Group>
  )
}
