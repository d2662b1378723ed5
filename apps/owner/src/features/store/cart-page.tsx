import { Group, Stack, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../components/links.tsx'
import { useClinic } from '../../session/clinic.tsx'
import { CartPanel } from './cart-panel.tsx'

/** The cart on a page of its own, with an address that can be kept and shared. */
export function CartPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack gap="lg" maw={640} mx="auto">
      <title>{`${t('cart.title')} · ${clinic.name}`}</title>
      <Group justify="space-between">
        <Title>{t('cart.title')}</Title>
        <ButtonLink
          to="/$clinic/store"
          params={{ clinic: clinic.id }}
          variant="subtle"
          size="sm"
          leftSection={<IconArrowLeft size={18} aria-hidden />}
        >
          {t('cart.back')}
        </ButtonLink>
      </Group>
      <div className="vc-surface" style={{ padding: '0.5rem 1.25rem 1.25rem' }}>
        <CartPanel back={`/${clinic.id}/cart`} />
      </div>
    </Stack>
  )
}
