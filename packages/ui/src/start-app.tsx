import '@mantine/core/styles.layer.css'
import './base.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import type { i18n } from 'i18next'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { ApiProvider, createQueryClient } from './api/trpc.tsx'
import { applyLanguage, storedLanguage } from './i18n/language.ts'
import { cssVariablesResolver, theme } from './theme.ts'

/**
 * Renders an app into `#root`, inside what every page needs: theme (the device's colour scheme until the user chooses
 * one), texts, cache and API. Pages of one clinic add an `ApiProvider` with its slug.
 * @param loadI18n resolves with the texts in the language chosen on this device
 */
export async function startApp(loadI18n: () => Promise<i18n>, app: ReactNode): Promise<void> {
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no element with the id "root"')
  applyLanguage(storedLanguage())
  const texts = await loadI18n()
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
        <I18nextProvider i18n={texts}>
          <QueryClientProvider client={createQueryClient()}>
            <ApiProvider clinic={undefined}>{app}</ApiProvider>
          </QueryClientProvider>
        </I18nextProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
