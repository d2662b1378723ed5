import { Button, Drawer, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconPlus, IconShoppingBag } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Product } from '@vetcita/contracts'
import { EmptyState, ErrorState, ListSkeleton, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic, useMoney } from '../../lib/clinic.tsx'
import { useCart } from './cart-context.tsx'
import { CartPanel, totalOf } from './cart-panel.tsx'
import { MergeNotice } from './merge-notice.tsx'
import { Quantity } from './quantity.tsx'

/** Products and, beside them or in a drawer on phones, the cart. */
export function StorePage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const isWide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false })
  return (
    <Stack gap="lg">
      <title>{`${t('store.title')} · ${clinic.name}`}</title>
      <Stack gap={4}>
        <Title>{t('store.title')}</Title>
        <Text c="dimmed">{t('store.lead')}</Text>
      </Stack>
      <MergeNotice />
      <div className="two-columns">
        <Products />
        {isWide ? (
          <aside className="vc-surface sticky-side" style={{ padding: '1.25rem' }} aria-labelledby="cart">
            <Title order={2} id="cart" mb="md">
              {t('cart.title')}
            </Title>
            <CartPanel />
          </aside>
        ) : null}
      </div>
      {isWide ? null : <CartDrawer />}
    </Stack>
  )
}

function Products() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const products = useQuery(trpc.store.products.queryOptions())
  if (products.data === undefined) {
    if (products.error) return <ErrorState error={products.error} onRetry={() => products.refetch()} />
    return <ListSkeleton rows={4} height={132} />
  }
  if (products.data.products.length === 0)
    return <EmptyState icon={IconShoppingBag} title={t('store.empty')} />
  return (
    <SimpleGrid
      component="ul"
      cols={{ base: 1, sm: 2 }}
      spacing="md"
      m={0}
      p={0}
      style={{ listStyle: 'none' }}
    >
      {products.data.products.map((product) => (
        <ProductCard key={product.id} product={product} />
      ))}
    </SimpleGrid>
  )
}

/** From this many pieces on, the exact number is the clinic's business. */
const PLENTY = 10

function ProductCard({ product }: { product: Product }) {
  const { t } = useTranslation('owner')
  const money = useMoney()
  const cart = useCart()
  const item = { type: 'product', id: product.id } as const
  const isOut = product.stock <= 0
  const isScarce = !isOut && product.stock < PLENTY
  return (
    <Stack component="li" className="vc-surface" p="md" gap="sm" justify="space-between">
      <Stack gap={4}>
        <Title order={2} size="h3">
          {product.name}
        </Title>
        {product.description === null ? null : (
          <Text size="sm" c="dimmed">
            {product.description}
          </Text>
        )}
      </Stack>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text fw={700}>{money(product.price)}</Text>
          <Text size="sm" {...(isScarce ? { fw: 600 } : { c: 'dimmed' })}>
            {isOut
              ? t('store.outOfStock')
              : isScarce
                ? t('store.stock', { count: product.stock })
                : t('store.inStock')}
          </Text>
        </div>
        {cart.quantityOf(item) > 0 ? (
          <Quantity item={item} name={product.name} />
        ) : (
          <Button
            variant="light"
            size="sm"
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

function CartDrawer() {
  const { t } = useTranslation(['owner', 'ui'])
  const money = useMoney()
  const [isOpen, { open, close }] = useDisclosure(false)
  const lines = useCart().lines ?? []
  const count = lines.reduce((sum, line) => sum + line.quantity, 0)
  return (
    <>
      {count === 0 ? null : (
        <div className="cart-bar">
          <Button
            fullWidth
            size="lg"
            justify="space-between"
            leftSection={<IconShoppingBag size={20} aria-hidden />}
            rightSection={money(totalOf(lines))}
            onClick={open}
          >
            {t('owner:cart.open')} ({count})
          </Button>
        </div>
      )}
      <Drawer
        opened={isOpen}
        onClose={close}
        position="bottom"
        size="85%"
        title={t('owner:cart.title')}
        closeButtonProps={{ 'aria-label': t('ui:states.close') }}
      >
        <CartPanel />
      </Drawer>
    </>
  )
}
