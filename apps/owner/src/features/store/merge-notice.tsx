import { Alert, Button, Loader, Stack, Text } from '@mantine/core'
import { IconCloudCheck, IconCloudOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useCart } from './cart-context.tsx'

interface Change {
  id: string
  quantity: number
}

/** Tells what became of the cart that was filled before signing in. */
export function MergeNotice() {
  const { t } = useTranslation(['owner', 'ui'])
  const { merge } = useCart()
  return (
    <div role="status">
      {merge.isPending ? (
        <Alert role="group" color="petrol" icon={<Loader size={18} />}>
          {t('owner:cart.merging')}
        </Alert>
      ) : merge.hasFailed ? (
        <Alert role="group" color="orange" icon={<IconCloudOff aria-hidden />}>
          <Stack gap="sm" align="flex-start">
            <Text size="sm">{t('owner:cart.mergeFailed')}</Text>
            <Button variant="default" size="sm" onClick={merge.again}>
              {t('ui:states.retry')}
            </Button>
          </Stack>
        </Alert>
      ) : (
        <Merged />
      )}
    </div>
  )
}

function Merged() {
  const { t } = useTranslation(['owner', 'ui'])
  const { merge, lines } = useCart()
  const { changes } = merge
  if (changes === undefined) return null
  const nameOf = (id: string) =>
    lines?.find((line) => line.id === id)?.name ?? merge.nameOf(id) ?? t('owner:cart.unknownItem')
  const inWords = (list: readonly Change[]) =>
    list.map(({ id, quantity }) => t('owner:cart.line', { count: quantity, item: nameOf(id) })).join(', ')
  if (changes.added.length + changes.raised.length + changes.rejected.length === 0) return null
  return (
    <Alert
      role="group"
      color="petrol"
      icon={<IconCloudCheck aria-hidden />}
      title={t('owner:cart.merged')}
      withCloseButton
      closeButtonLabel={t('ui:states.close')}
      onClose={merge.dismiss}
    >
      {changes.added.length === 0 ? null : (
        <Text size="sm">{t('owner:cart.added', { items: inWords(changes.added) })}</Text>
      )}
      {changes.raised.length === 0 ? null : (
        <Text size="sm">{t('owner:cart.raised', { items: inWords(changes.raised) })}</Text>
      )}
      {changes.rejected.length === 0 ? null : (
        <Text size="sm">{t('owner:cart.rejected', { items: inWords(changes.rejected) })}</Text>
      )}
    </Alert>
  )
}
