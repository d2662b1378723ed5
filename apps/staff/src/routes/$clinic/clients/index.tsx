import { createFileRoute } from '@tanstack/react-router'
import { ClientsPage } from '../../../features/clients/clients-page.tsx'

export const Route = createFileRoute('/$clinic/clients/')({
  validateSearch: (search: Record<string, unknown>): { q?: string } =>
    typeof search.q === 'string' && search.q !== '' ? { q: search.q.slice(0, 100) } : {},
  component: Clients,
})

function Clients() {
  const { clinic } = Route.useParams()
  const { q = '' } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ClientsPage
      key={clinic}
      clinic={clinic}
      text={q}
      onSearch={(text) => navigate({ search: text === '' ? {} : { q: text }, replace: true })}
      onCreated={({ id }) => navigate({ to: '/$clinic/clients/$client', params: { clinic, client: id } })}
    />
  )
}
