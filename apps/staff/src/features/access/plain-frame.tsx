import { Group } from '@mantine/core'
import { ColorSchemeSwitch, LanguageSwitch, OfflineNotice } from '@vetcita/ui'
import type { ReactNode } from 'react'
import { Brand } from '../../components/brand.tsx'

/** The frame of pages outside any clinic, such as the sign-in page. */
export function PlainFrame({ children }: { children: ReactNode }) {
  return (
    <div className="vs-plain">
      <header className="vs-header">
        <Brand />
        <Group gap="xs" wrap="nowrap">
          <LanguageSwitch />
          <ColorSchemeSwitch />
        </Group>
      </header>
      <OfflineNotice />
      <main className="vs-plain-main">{children}</main>
    </div>
  )
}
