import { Button, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconSearch, IconShoppingBag } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { InventoryProduct } from '@vetcita/contracts'
import { EmptyState, QueryPending, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../components/data-table.tsx'
import { ConfirmDialog } from '../../components/form-dialog.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { usePageTitle } from '../../components/page-title.ts'
import { hasWords } from '../../components/plain-text.ts'
import { stateOf } from '../../components/problem-alert.tsx'
import { usePageKeys } from '../../components/use-page-keys.ts'
import { useSaved } from '../../components/use-saved.ts'
import { ProductDialog } from './product-dialog.tsx'
import { ProductRow } from './product-row.tsx'

type Open = { what: 'edit'; product: InventoryProduct | null } | { what: 'remove'; product: InventoryProduct }

/** The clinic's products, filtered while typing; `n` adds one. */
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
        <QueryPending query={inventory} rows={8} height={52} />
      ) : shown.length === 0 ? (
        <EmptyState
          icon={IconShoppingBag}
          title={products.length === 0 ? t('products.noneYet') : t('products.none', { text: filter.trim() })}
        />
      ) : (
        <DataTable
          caption={t('products.page')}
          columns={[
            { text: t('products.name') },
            { text: t('products.category') },
            { text: t('products.price'), align: 'end' },
            { text: t('products.stock'), align: 'center' },
            { text: t('products.active') },
            { text: t('office.edit'), isHidden: true },
          ]}
        >
          {shown.map((product) => (
            <ProductRow
              key={product.id}
              product={product}
              currency={inventory.data.currency}
              onEdit={() => setOpen({ what: 'edit', product })}
            />
          ))}
        </DataTable>
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

/** Asks before a product is deleted. */
function RemoveDialog({ product, onClose }: { product: InventoryProduct; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const remove = useMutation(
    trpc.inventory.remove.mutationOptions({ onSuccess: useSaved(onClose, trpc.inventory.pathFilter()) }),
  )
  return (
    <ConfirmDialog
      title={t('products.removeTitle', { name: product.name })}
      onClose={onClose}
      onConfirm={() => remove.mutate({ productId: product.id })}
      action={t('products.remove')}
      {...stateOf(remove)}
    >
      <Text>{t('products.removeText')}</Text>
    </ConfirmDialog>
  )
}
