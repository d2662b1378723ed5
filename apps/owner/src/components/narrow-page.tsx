import { Container, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useClinic } from '../session/clinic.tsx'

interface NarrowPageProps {
  title: string
  lead?: string
  children: ReactNode
}

/** A page about one thing, such as signing in: a title, a lead and a narrow column. */
export function NarrowPage({ title, lead, children }: NarrowPageProps) {
  const clinic = useClinic()
  return (
    <Container size={440} p={0}>
      <title>{`${title} · ${clinic.name}`}</title>
      <Stack gap="lg">
        <Stack gap={4}>
          <Title>{title}</Title>
          {lead === undefined ? null : <Text c="dimmed">{lead}</Text>}
        </Stack>
        {children}
      </Stack>
    </Container>
  )
}
