import { type HotkeyItem, useHotkeys } from '@mantine/hooks'

/** Elements that take letters. Switches and radio buttons do not, though they are inputs, too. */
const TEXT_FIELDS = 'textarea, select, [contenteditable="true"], input:not([type="checkbox"], [type="radio"])'

/** Elements that use the arrow keys themselves. */
const ARROW_FIELDS = `${TEXT_FIELDS}, [type="radio"], [role="menuitem"], [role="option"]`

/**
 * Keyboard shortcuts of a page, inactive in text fields and behind dialogs.
 * @param keys the action of each key, by its name for Mantine's `useHotkeys`
 */
export function usePageKeys(keys: Readonly<Record<string, () => void>>): void {
  const items = Object.entries(keys).map(([key, act]): HotkeyItem => {
    const taken = key.startsWith('Arrow') ? ARROW_FIELDS : TEXT_FIELDS
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
