import { createFileRoute } from '@tanstack/react-router'
import { ClientPage } from '../../../features/clients/client-page.tsx'

export const Route = createFileRoute('/$clinic/clients/$client')({ component: ClientOfClinic })

function ClientOfClinic() {
  const { clinic, client } = Route.useParams()
  return <ClientPage key={client} clinic={clinic} clientId={client} />
}
