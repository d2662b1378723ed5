import { createFileRoute } from '@tanstack/react-router'
import { CartPage } from '../../features/store/cart-page.tsx'

export const Route = createFileRoute('/$clinic/cart')({ component: CartPage })
