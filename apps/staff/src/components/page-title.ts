import { useEffect } from 'react'

/** Names the page in the browser's tab and history, in the language of the screen. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Vetcita`
  }, [title])
}
