import { type HotkeyItem, useHotkeys } from '@mantine/hooks'

/** What takes letters. A switch or a choice between two views does not, though the browser calls it an input too. */
const WRITING = 'textarea, select, [contenteditable="true"], input:not([type="checkbox"], [type="radio"])'

/** What an arrow already means something to. */
const ARROWS = `${WRITING}, [type="radio"], [role="menuitem"], [role="option"]`

/**
 * Keys of the page itself: nothing of them while somebody writes, nor behind a dialog.
 * @param keys what each does, by its name as `useHotkeys` has it
 */
export function usePageKeys(keys: Readonly<Record<string, () => void>>): void {
  const items = Object.entries(keys).map(([key, act]): HotkeyItem => {
    const taken = key.startsWith('Arrow') ? ARROWS : WRITING
    const listener = (event: KeyboardEvent) => {
      const { target } = event
      if (target instanceof Element && target.matches(taken)) return
      if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return
      event.preventDefault()
      act()
    }
    return [key, listener, { preventDefault: false }]
  })
  useHotkeys(items, [])
}
