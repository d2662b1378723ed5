import { Container } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { ErrorState } from '@vetcita/ui'

/** A page that could not be shown, most likely because a part of the app could not be loaded: says so, offers it again. */
export function PageError({ error }: ErrorComponentProps) {
  return (
    <Container size="xs" py="xl">
      <ErrorState error={error} onRetry={() => window.location.reload()} />
    </Container>
  )
}
