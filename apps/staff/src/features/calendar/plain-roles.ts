/**
 * The library calls its grid a table of rows and cells, and puts the cards, which are buttons, beside the cells: no
 * table that assistive technology could read. Without those roles the cards are what they are, buttons in reading order
 * by column. And a grid without cards can be
 * scrolled by keyboard too.
 *
 * @returns ends it
 */
export function plainRoles(root: HTMLElement): () => void {
  const selector = '[role="table"], [role="row"], [role="rowgroup"], [role="cell"], [role="columnheader"]'
  const clean = () => {
    for (const element of root.querySelectorAll(selector)) {
      for (const name of ['role', 'aria-colindex', 'aria-colspan']) element.removeAttribute(name)
    }
  }
  clean()
  root.querySelector('.ec-main')?.setAttribute('tabindex', '0')
  const observer = new MutationObserver(clean)
  observer.observe(root, { childList: true, subtree: true })
  return () => observer.disconnect()
}
