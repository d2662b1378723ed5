import type { Locator, Page } from '@playwright/test'

/** The card of an appointment in the calendar's grid. */
export function calendarCard(page: Page, time: string, pet: string): Locator {
  return page.locator('[data-appointment]').filter({ hasText: `${time} ${pet}` })
}

const pixelsPerMinute = 22 / 15

/**
 * Drags a card as a hand with a mouse does.
 *
 * @param by minutes down the clock, and columns to the right
 */
export async function dragCard(
  page: Page,
  card: Locator,
  by: { minutes?: number; columns?: number },
): Promise<void> {
  const from = await card.boundingBox()
  if (from === null) throw new Error('the card is not on screen')
  const column = await page.locator('.ec-body .ec-day').first().boundingBox()
  const x = from.x + from.width / 2
  const y = from.y + 8
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 6, y + 6, { steps: 3 })
  await page.mouse.move(
    x + (by.columns ?? 0) * (column?.width ?? 0),
    y + (by.minutes ?? 0) * pixelsPerMinute + 1,
    { steps: 6 },
  )
  await page.mouse.up()
}
