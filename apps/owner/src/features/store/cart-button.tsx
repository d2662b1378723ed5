import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconShoppingBag } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMoney } from '../../session/clinic.tsx'
import { useCart } from './cart.ts'
import { totalOf } from './total.ts'

const CartDrawer = lazy(() => import('./cart-drawer.tsx'))

/** Shows the cart's total and opens its drawer: a bar at the bottom of a phone's screen, a button elsewhere. */
export function CartButton() {
  const { t } = useTranslation('owner')
  const money = useMoney()
  const isWide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false })
  const [state, setState] = useState<'unused' | 'open' | 'closed'>('unused')
  const { lines = [], count } = useCart()
  const button = (
    <Button
      fullWidth={!isWide}
      size={isWide ? 'md' : 'lg'}
      justify="space-between"
      leftSection={<IconShoppingBag size={20} aria-hidden />}
      rightSection={count === 0 ? null : money(totalOf(lines))}
      variant={count === 0 ? 'default' : 'filled'}
      onClick={() => setState('open')}
    >
      {t('cart.open')} ({count})
    </Button>
  )
  return (
    <>
      {isWide ? button : count === 0 ? null : <div className="cart-bar">{button}</div>}
      <Suspense>
        {state === 'unused' ? null : (
          <CartDrawer isWide={isWide} isOpen={state === 'open'} onClose={() => setState('closed')} />
        )}
      </Suspense>
    </>
  )
}
