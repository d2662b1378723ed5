import { Drawer, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../components/links.tsx'
import { useClinic } from '../../session/clinic.tsx'
import { CartPanel } from './cart-panel.tsx'

interface CartDrawerProps {
  isWide: boolean
  isOpen: boolean
  onClose: () => void
}

/** The cart over the products: from the foot of a phone's screen, from the side elsewhere. */
export default function CartDrawer({ isWide, isOpen, onClose }: CartDrawerProps) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  // opened once it is there: what is open from its first moment does not know where to bring the keyboard back to
  const [isThere, setIsThere] = useState(false)
  useEffect(() => setIsThere(true), [])
  return (
    <Drawer
      opened={isOpen && isThere}
      onClose={onClose}
      position={isWide ? 'right' : 'bottom'}
      size={isWide ? 'md' : '85%'}
      title={t('owner:cart.title')}
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
    >
      <Stack>
        <CartPanel back={`/${clinic.id}/store`} />
        <TextLink to="/$clinic/cart" params={{ clinic: clinic.id }} size="sm">
          {t('owner:cart.page')}
        </TextLink>
      </Stack>
    </Drawer>
  )
}
