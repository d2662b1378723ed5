import '../office.css'
import { Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface PageHeadProps {
  title: string
  subtitle?: ReactNode
  /** Buttons for what can be done on the page. */
  children?: ReactNode
}

/** The top of a page: its heading and its buttons. */
export function PageHead({ title, subtitle, children }: PageHeadProps) {
  return (
    <div className="vs-toolbar">
      <div>
        <Title order={1} size="h2">
          {title}
        </Title>
        {subtitle === undefined ? null : (
          <Text size="sm" c="dimmed" component="div">
            {subtitle}
          </Text>
        )}
      </div>
      <Group gap="xs">{children}</Group>
    </div>
  )
}
