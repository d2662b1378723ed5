import { createFileRoute } from '@tanstack/react-router'
import { PetsPage } from '../../../features/pets/pets-page.tsx'

export const Route = createFileRoute('/$clinic/portal/pets')({ component: PetsPage })
