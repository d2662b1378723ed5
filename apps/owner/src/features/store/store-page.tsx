import { Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconSearchOff, IconShoppingBag } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { EmptyState, ErrorState, QueryPending, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../session/clinic.tsx'
import { CartButton } from './cart-button.tsx'
import { ProductCard } from './product-card.tsx'
import type { ProductFilter } from './product-filter.ts'
import { Search } from './search.tsx'

const route = getRouteApi('/$clinic/store')

/** The clinic's products, filtered by words and category, and the cart in a drawer. */
export function StorePage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const products = useProducts(filter)
  const change = (search: ProductFilter) => void navigate({ search, replace: true })
  return (
    <Stack gap="lg">
      <title>{`${t('store.title')} · ${clinic.name}`}</title>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Title>{t('store.title')}</Title>
          <Text c="dimmed">{t('store.lead')}</Text>
        </Stack>
        <CartButton />
      </Group>
      <Search filter={filter} categories={products.categories} onChange={change} />
      <Products products={products} onReset={() => change({})} />
    </Stack>
  )
}

function useProducts({ q, shelf }: ProductFilter) {
  const trpc = useTRPC()
  const search = {
    ...(q === undefined ? {} : { search: q }),
    ...(shelf === undefined ? {} : { category: shelf }),
  }
  const query = useInfiniteQuery(
    trpc.store.products.infiniteQueryOptions(search, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )
  const first = query.data?.pages[0]
  return {
    ...query,
    items: query.data?.pages.flatMap((page) => page.products),
    total: first?.total ?? 0,
    categories: first?.categories ?? [],
    isFiltered: q !== undefined || shelf !== undefined,
  }
}

function Products({ products, onReset }: { products: ReturnType<typeof useProducts>; onReset: () => void }) {
  const { t } = useTranslation('owner')
  const { items, total, error, isFiltered } = products
  if (items === undefined) return <QueryPending query={products} rows={4} height={160} />
  return (
    <Stack aria-busy={products.isPlaceholderData}>
      <Text size="sm" c="dimmed" role="status">
        {items.length === 0 ? '' : t('store.found', { count: total })}
      </Text>
      {items.length === 0 ? (
        isFiltered ? (
          <EmptyState icon={IconSearchOff} title={t('store.nothing')}>
            <Text c="dimmed">{t('store.nothingHint')}</Text>
            <Button variant="default" onClick={onReset}>
              {t('store.showAll')}
            </Button>
          </EmptyState>
        ) : (
          <EmptyState icon={IconShoppingBag} title={t('store.empty')} />
        )
      ) : (
        <SimpleGrid
          component="ul"
          cols={{ base: 1, sm: 2, md: 3 }}
          spacing="md"
          m={0}
          p={0}
          style={{ listStyle: 'none' }}
          aria-label={t('store.title')}
        >
          {items.map((product) => (
            <ProductCard key={product.id} product={product} />
          ))}
        </SimpleGrid>
      )}
      {products.isFetchNextPageError ? <ErrorState error={error} /> : null}
      {products.hasNextPage ? (
        <Button
          variant="default"
          mx="auto"
          loading={products.isFetchingNextPage}
          onClick={() => products.fetchNextPage()}
        >
          {t('store.more')}
        </Button>
      ) : null}
    </Stack>
  )
}
