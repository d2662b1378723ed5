import { createFileRoute } from '@tanstack/react-router'
import { StorePage } from '../../features/store/store-page.tsx'

export const Route = createFileRoute('/$clinic/store')({ component: StorePage })
