import { createFileRoute, redirect } from '@tanstack/react-router'

export const Route = createFileRoute('/$clinic/settings/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$clinic/settings/services', params, replace: true })
  },
})
