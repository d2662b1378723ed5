import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { Product } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'
import { useMoney } from '../../session/clinic.tsx'
import { useCart } from './cart.ts'
import { Quantity } from './quantity.tsx'

/** A stock below this is highlighted. */
const SCARCE = 10

/** A product with its price, its stock, and how many are in the cart. */
export function ProductCard({ product }: { product: Product }) {
  const { t } = useTranslation('owner')
  const money = useMoney()
  const cart = useCart()
  const item = { type: 'product', id: product.id, name: product.name, unitPrice: product.price } as const
  const isOut = product.stock <= 0
  const isScarce = !isOut && product.stock < SCARCE
  return (
    <Stack component="li" className="vc-surface" p="md" gap="sm" justify="space-between">
      <Stack gap={4}>
        {product.category === null ? null : (
          <Text size="xs" c="dimmed">
            {product.category}
          </Text>
        )}
        <Title order={2} size="h3">
          {product.name}
        </Title>
        {product.description === null ? null : (
          <Text size="sm" c="dimmed">
            {product.description}
          </Text>
        )}
      </Stack>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={700}>{money(product.price)}</Text>
          <Text size="sm" {...(isScarce ? { fw: 600 } : { c: 'dimmed' })}>
            {isOut
              ? t('store.outOfStock')
              : t(isScarce ? 'store.stock' : 'store.inStock', { count: product.stock })}
          </Text>
        </div>
        {cart.quantityOf(item) > 0 ? (
          <Quantity item={item} name={product.name} stock={product.stock} />
        ) : (
          <Button
            variant="light"
            size="sm"
            h={40}
            disabled={isOut}
            leftSection={<IconPlus size={18} aria-hidden />}
            aria-label={t('store.addItem', { item: product.name })}
            onClick={() => cart.set(item, 1)}
          >
            {t('store.add')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
