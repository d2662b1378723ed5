import { Autocomplete, Button, NumberInput, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { InventoryProduct } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { useLanguage, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { HIGHEST_PRICE, useRangeCheck } from '../../appointment/use-range-check.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { decimalsOf, numberField, separatorsIn } from '../../components/money.ts'
import { problemOf } from '../../components/problem-alert.tsx'

interface ProductDialogProps {
  /** Null makes a new one. */
  product: InventoryProduct | null
  currency: string
  /** The categories that there are, to choose from. */
  categories: readonly string[]
  onClose: () => void
  onRemove: (product: InventoryProduct) => void
}

/** Everything about a product. */
export function ProductDialog({ product, currency, categories, onClose, onRemove }: ProductDialogProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const save = useMutation(
    trpc.inventory.save.mutationOptions({
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.inventory.pathKey() })
        if (result.success) onClose()
      },
    }),
  )
  const within = useRangeCheck()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: product?.name ?? '',
      description: product?.description ?? '',
      category: product?.category ?? '',
      price: numberField(product?.price),
      stock: numberField(product?.stock ?? 0),
      isActive: product?.isActive ?? true,
    },
    validate: {
      name: (value) => (value.trim() === '' ? t('office.missing') : null),
      price: within(0, HIGHEST_PRICE),
      stock: within(0, limits.stock),
    },
  })
  const submit = form.onSubmit(({ stock, ...values }) =>
    save.mutate({
      ...values,
      ...(product === null ? {} : { productId: product.id }),
      name: values.name.trim(),
      price: Number(values.price),
      // what colleagues count while the dialog is open stays, unless somebody counted here, too
      ...(product === null || form.isDirty('stock') ? { stock: Number(stock) } : {}),
    }),
  )
  return (
    <FormDialog
      title={t(product === null ? 'products.new' : 'products.editTitle')}
      onClose={onClose}
      onSubmit={submit}
      action={t('office.save')}
      isBusy={save.isPending}
      problem={problemOf(save)}
    >
      <TextInput
        {...form.getInputProps('name')}
        key={form.key('name')}
        label={t('products.name')}
        maxLength={limits.productName}
        data-autofocus
      />
      <Textarea
        {...form.getInputProps('description')}
        key={form.key('description')}
        label={t('products.description')}
        maxLength={limits.productDescription}
        autosize
        minRows={2}
      />
      <Autocomplete
        {...form.getInputProps('category')}
        key={form.key('category')}
        label={t('products.category')}
        data={[...categories]}
        maxLength={limits.productCategory}
        size="md"
      />
      <NumberInput
        {...form.getInputProps('price')}
        key={form.key('price')}
        label={`${t('products.price')} (${currency})`}
        min={0}
        clampBehavior="none"
        decimalScale={decimalsOf(currency)}
        {...separatorsIn(language)}
      />
      <NumberInput
        {...form.getInputProps('stock')}
        key={form.key('stock')}
        label={t('products.stock')}
        min={0}
        max={limits.stock}
        allowDecimal={false}
        clampBehavior="none"
      />
      <Switch
        {...form.getInputProps('isActive', { type: 'checkbox' })}
        key={form.key('isActive')}
        label={t('products.active')}
      />
      {product === null ? null : (
        <Button
          variant="subtle"
          color="red"
          size="compact-md"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => onRemove(product)}
        >
          {t('products.remove')}
        </Button>
      )}
    </FormDialog>
  )
}
