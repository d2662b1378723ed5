import { ActionIcon, Group, Switch, Table, Text } from '@mantine/core'
import { IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { InventoryProduct } from '@vetcita/contracts'
import { formatMoney, useLanguage, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'

interface ProductRowProps {
  product: InventoryProduct
  currency: string
  onEdit: () => void
}

/** A product, with buttons for what changes often: stock by one, and whether it is on sale. */
export function ProductRow({ product, currency, onEdit }: ProductRowProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.inventory.pathKey() })
  const step = useMutation(trpc.inventory.stepStock.mutationOptions({ onSettled }))
  const save = useMutation(trpc.inventory.save.mutationOptions({ onSettled }))
  const { id, name, description, category } = product
  const problem = problemOf(step) ?? problemOf(save)
  return (
    <>
      <Table.Tr>
        <Table.Td>
          <Text fw={600}>{name}</Text>
          {description === null ? null : (
            <Text size="sm" c="dimmed" lineClamp={1}>
              {description}
            </Text>
          )}
        </Table.Td>
        <Table.Td>{category ?? t('office.none')}</Table.Td>
        <Table.Td ta="end" className="vs-nowrap">
          {formatMoney(product.price, currency, language)}
        </Table.Td>
        <Table.Td>
          <Group gap={4} wrap="nowrap" justify="center">
            <ActionIcon
              variant="default"
              aria-label={t('products.fewer', { name })}
              disabled={product.stock === 0}
              onClick={() => step.mutate({ productId: id, by: -1 })}
            >
              <IconMinus size={16} aria-hidden />
            </ActionIcon>
            <Text span miw="2.5rem" ta="center" className="vs-number" aria-live="polite">
              {product.stock}
            </Text>
            <ActionIcon
              variant="default"
              aria-label={t('products.oneMore', { name })}
              onClick={() => step.mutate({ productId: id, by: 1 })}
            >
              <IconPlus size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </Table.Td>
        <Table.Td>
          <Switch
            aria-label={t('products.activeOf', { name })}
            checked={product.isActive}
            disabled={save.isPending}
            onChange={({ currentTarget }) => save.mutate({ productId: id, isActive: currentTarget.checked })}
          />
        </Table.Td>
        <Table.Td ta="end">
          <ActionIcon variant="subtle" size="lg" aria-label={t('products.edit', { name })} onClick={onEdit}>
            <IconPencil size={18} aria-hidden />
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {problem === null ? null : (
        <Table.Tr>
          <Table.Td colSpan={6}>
            <ProblemAlert problem={problem} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  )
}
