import { Autocomplete, Button, NumberInput, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { InventoryProduct } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { PriceField } from '../../components/price-field.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { HIGHEST_PRICE, numberField, useFieldChecks } from '../../components/use-field-checks.ts'
import { useSaved } from '../../components/use-saved.ts'

interface ProductDialogProps {
  /** Null creates a new one. */
  product: InventoryProduct | null
  currency: string
  /** The existing categories, as suggestions. */
  categories: readonly string[]
  onClose: () => void
  onRemove: (product: InventoryProduct) => void
}

export function ProductDialog({ product, currency, categories, onClose, onRemove }: ProductDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const save = useMutation(
    trpc.inventory.save.mutationOptions({ onSuccess: useSaved(onClose, trpc.inventory.pathFilter()) }),
  )
  const { required, within } = useFieldChecks()
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
      name: required,
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
      // sent only if it was edited here, so that a colleague's new count is not overwritten
      ...(product === null || form.isDirty('stock') ? { stock: Number(stock) } : {}),
    }),
  )
  return (
    <FormDialog
      title={t(product === null ? 'products.new' : 'products.editTitle')}
      onClose={onClose}
      onSubmit={submit}
      action={t('office.save')}
      {...stateOf(save)}
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
      <PriceField
        {...form.getInputProps('price')}
        key={form.key('price')}
        label={t('products.price')}
        currency={currency}
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
