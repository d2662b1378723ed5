import { createFileRoute } from '@tanstack/react-router'
import { parseFilter } from '../../features/store/product-filter.ts'
import { StorePage } from '../../features/store/store-page.tsx'

export const Route = createFileRoute('/$clinic/store')({ validateSearch: parseFilter, component: StorePage })
