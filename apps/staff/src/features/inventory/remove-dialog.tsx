import { Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { InventoryProduct } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { problemOf } from '../../components/problem-alert.tsx'

/** Asks before a product leaves the shelves. */
export function RemoveDialog({ product, onClose }: { product: InventoryProduct; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.inventory.remove.mutationOptions({
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.inventory.pathKey() })
        if (result.success) onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={t('products.removeTitle', { name: product.name })}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault()
        remove.mutate({ productId: product.id })
      }}
      action={t('products.remove')}
      isBusy={remove.isPending}
      problem={problemOf(remove)}
      isGrave
    >
      <Text>{t('products.removeText')}</Text>
    </FormDialog>
  )
}
