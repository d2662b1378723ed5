import type { Locator, Page } from '@playwright/test'

/** The card of an appointment in the calendar's grid. */
export function calendarCard(page: Page, time: string, pet: string): Locator {
  return page.locator('.vs-event').filter({ hasText: `${time} ${pet}` })
}

const pixelsPerMinute = 22 / 15

export type Way = {
  /** down the clock */
  minutes?: number
  /** to the right */
  columns?: number
}

/** Drags a card as a hand with a mouse does. */
export async function dragCard(page: Page, card: Locator, by: Way): Promise<void> {
  await takeUp(page, card, by)
  await letGoOf(page)
}

/** Takes a card and holds it over another place. */
export async function takeUp(page: Page, card: Locator, by: Way): Promise<void> {
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

/** Drops what is held. */
export function letGoOf(page: Page): Promise<void> {
  return page.mouse.up()
}
