import type { Locator, Page } from '@playwright/test'

/** Locates the card of an appointment in the calendar's grid. */
export function calendarCard(page: Page, time: string, pet: string): Locator {
  return page.locator('.vs-event').filter({ hasText: `${time} ${pet}` })
}

const pixelsPerMinute = 22 / 15

/** A distance in the grid: down in minutes, to the right in columns. */
export type Distance = { minutes?: number; columns?: number }

/** Drags a card with the mouse, in steps. */
export async function dragCard(page: Page, card: Locator, by: Distance): Promise<void> {
  await liftCard(page, card, by)
  await page.mouse.up()
}

/** Presses the mouse on a card and moves it to another place, without releasing it. */
export async function liftCard(page: Page, card: Locator, by: Distance): Promise<void> {
  const from = await card.boundingBox()
  const column = await page.locator('.vs-column').first().boundingBox()
  if (from === null || column === null) throw new Error('the card is not on screen')
  const x = from.x + from.width / 2
  const y = from.y + 8
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 6, y + 6, { steps: 3 })
  await page.mouse.move(x + (by.columns ?? 0) * column.width, y + (by.minutes ?? 0) * pixelsPerMinute + 1, {
    steps: 6,
  })
}
