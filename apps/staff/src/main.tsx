import { createRouter, RouterProvider } from '@tanstack/react-router'
import { PageError, startApp } from '@vetcita/ui'
import { NotFound } from './components/not-found.tsx'
import { loadI18n } from './i18n/i18n.ts'
import { routeTree } from './route-tree.gen.ts'
// after Mantine's own styles, which these override
import './styles.css'

const router = createRouter({
  routeTree,
  basepath: '/staff',
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageError,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

void startApp(loadI18n, <RouterProvider router={router} />)
