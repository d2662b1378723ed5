import { Alert, Button, Loader, Stack, Text } from '@mantine/core'
import { IconCloudCheck, IconCloudOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCart } from './cart.ts'

interface Change {
  id: string
  quantity: number
}

/** Reports what became of the cart that was filled before signing in. */
export default function MergeNotice() {
  const { t } = useTranslation(['owner', 'ui'])
  const { merge } = useCart()
  if (merge.isPending) return <Merging />
  if (!merge.hasFailed) return <Merged />
  return (
    <Alert role="group" color="orange" mb="lg" icon={<IconCloudOff aria-hidden />}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('owner:cart.mergeFailed')}</Text>
        <Button variant="default" size="sm" onClick={merge.again}>
          {t('ui:states.retry')}
        </Button>
      </Stack>
    </Alert>
  )
}

/** Invisible for the first 150 ms: most merges are done by then. */
function Merging() {
  const { t } = useTranslation('owner')
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), 150)
    return () => clearTimeout(timer)
  }, [])
  if (!isLate) return null
  return (
    <Alert role="group" color="petrol" mb="lg" icon={<Loader size={18} />}>
      {t('cart.merging')}
    </Alert>
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
      mb="lg"
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
