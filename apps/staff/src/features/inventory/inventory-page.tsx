import { Button, Stack, Table, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { IconPlus, IconSearch, IconShoppingBag } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { InventoryProduct } from '@vetcita/contracts'
import { EmptyState, ErrorState, ListSkeleton, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHead } from '../../components/page-head.tsx'
import { usePageTitle } from '../../components/page-title.ts'
import { hasWords } from '../../components/plain-text.ts'
import { usePageKeys } from '../../components/use-page-keys.ts'
import { ProductDialog } from './product-dialog.tsx'
import { ProductRow } from './product-row.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

type Open = { what: 'edit'; product: InventoryProduct | null } | { what: 'remove'; product: InventoryProduct }

/** The clinic's shelves: price, stock, category, and whether a product is on sale. */
export function InventoryPage() {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const [filter, setFilter] = useState('')
  const [open, setOpen] = useState<Open | null>(null)
  const inventory = useQuery(trpc.inventory.list.queryOptions())
  usePageTitle(t('products.page'))
  usePageKeys({ n: () => setOpen({ what: 'edit', product: null }) })
  const products = inventory.data?.products ?? []
  const shown = products.filter(({ name, category }) => hasWords(`${name} ${category ?? ''}`, filter))
  const categories = [...new Set(products.flatMap(({ category }) => category ?? []))]
  return (
    <Stack gap="md" className="vs-office">
      <PageHead title={t('products.page')}>
        <Button
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => setOpen({ what: 'edit', product: null })}
        >
          {t('products.new')}
        </Button>
      </PageHead>
      <TextInput
        type="search"
        aria-label={t('products.filter')}
        placeholder={t('products.filter')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={filter}
        onChange={({ currentTarget }) => setFilter(currentTarget.value)}
      />
      {inventory.data === undefined ? (
        inventory.error === null ? (
          <ListSkeleton rows={8} height={52} />
        ) : (
          <ErrorState error={inventory.error} onRetry={() => inventory.refetch()} />
        )
      ) : shown.length === 0 ? (
        <EmptyState
          icon={IconShoppingBag}
          title={products.length === 0 ? t('products.noneYet') : t('products.none', { text: filter.trim() })}
        />
      ) : (
        <div className="vc-surface vs-table">
          <Table verticalSpacing="xs">
            <VisuallyHidden component="caption">{t('products.page')}</VisuallyHidden>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('products.name')}</Table.Th>
                <Table.Th scope="col">{t('products.category')}</Table.Th>
                <Table.Th scope="col" ta="end">
                  {t('products.price')}
                </Table.Th>
                <Table.Th scope="col" ta="center">
                  {t('products.stock')}
                </Table.Th>
                <Table.Th scope="col">{t('products.active')}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t('office.edit')}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((product) => (
                <ProductRow
                  key={product.id}
                  product={product}
                  currency={inventory.data.currency}
                  onEdit={() => setOpen({ what: 'edit', product })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <Text size="sm" c="dimmed" role="status">
        {shown.length === products.length || shown.length === 0
          ? null
          : t('products.shown', { shown: shown.length, count: products.length })}
      </Text>
      {open === null ? null : open.what === 'remove' ? (
        <RemoveDialog product={open.product} onClose={() => setOpen(null)} />
      ) : (
        <ProductDialog
          product={open.product}
          currency={inventory.data?.currency ?? ''}
          categories={categories}
          onClose={() => setOpen(null)}
          onRemove={(product) => setOpen({ what: 'remove', product })}
        />
      )}
    </Stack>
  )
}
