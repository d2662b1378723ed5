import { createRouter, RouterProvider } from '@tanstack/react-router'
import { AppProviders, applyLanguage, createQueryClient, storedLanguage } from '@vetcita/ui'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { NotFound } from './components/not-found.tsx'
import { loadI18n } from './i18n/i18n.ts'
import { routeTree } from './route-tree.gen.ts'
// after the library's own styles, which it refines
import './styles.css'

const queryClient = createQueryClient()
const router = createRouter({
  routeTree,
  basepath: '/staff',
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')

applyLanguage(storedLanguage())
void loadI18n().then((i18n) => {
  createRoot(root).render(
    <StrictMode>
      <AppProviders i18n={i18n} queryClient={queryClient}>
        <RouterProvider router={router} />
      </AppProviders>
    </StrictMode>,
  )
})
