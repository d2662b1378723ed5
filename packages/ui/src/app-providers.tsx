import '@mantine/core/styles.layer.css'
import './styles/base.css'
import { MantineProvider } from '@mantine/core'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { i18n } from 'i18next'
import type { ReactNode } from 'react'
import { I18nextProvider } from 'react-i18next'
import { cssVariablesResolver, theme } from './theme.ts'
import { ApiProvider } from './trpc.tsx'

interface AppProvidersProps {
  i18n: i18n
  queryClient: QueryClient
  children: ReactNode
}

/**
 * What every page needs around it: theme (the device's colour scheme until the user chooses), texts, cache, API.
 * Pages of one clinic add an `ApiProvider` with its slug.
 */
export function AppProviders({ i18n: texts, queryClient, children }: AppProvidersProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <I18nextProvider i18n={texts}>
        <QueryClientProvider client={queryClient}>
          <ApiProvider clinic={undefined}>{children}</ApiProvider>
        </QueryClientProvider>
      </I18nextProvider>
    </MantineProvider>
  )
}
