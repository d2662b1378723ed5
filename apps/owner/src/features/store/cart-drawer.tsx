import { Drawer, Stack } from '@mantine/core'
import { useMounted } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../components/links.tsx'
import { useClinic } from '../../session/clinic.tsx'
import { CartPanel } from './cart-panel.tsx'

interface CartDrawerProps {
  isWide: boolean
  isOpen: boolean
  onClose: () => void
}

/** The cart over the products: from the bottom of a phone's screen, from the side elsewhere. */
export default function CartDrawer({ isWide, isOpen, onClose }: CartDrawerProps) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  // Mounted closed, however late it loads: on closing it returns the focus to what had it when it opened.
  const isMounted = useMounted()
  return (
    <Drawer
      opened={isOpen && isMounted}
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
