import { createFileRoute, redirect } from '@tanstack/react-router'

export const Route = createFileRoute('/$clinic/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$clinic/day', params, replace: true })
  },
})
