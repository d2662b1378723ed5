import { createFileRoute, useLocation } from '@tanstack/react-router'
import { ApiProvider } from '@vetcita/ui'
import { JoinPage } from '../../features/access/join-page.tsx'
import { PlainFrame } from '../../features/access/plain-frame.tsx'

export const Route = createFileRoute('/join/$clinic')({ component: Join })

/** The page of an invitation. Its token is behind the `#`, which browsers send to no server. */
function Join() {
  const { clinic } = Route.useParams()
  const navigate = Route.useNavigate()
  const token = new URLSearchParams(useLocation().hash).get('token') ?? ''
  return (
    <ApiProvider clinic={clinic}>
      <PlainFrame>
        <JoinPage
          clinic={clinic}
          token={token}
          onEnter={() => navigate({ to: '/$clinic/day', params: { clinic } })}
        />
      </PlainFrame>
    </ApiProvider>
  )
}
