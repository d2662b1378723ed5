import type { Locator } from '@playwright/test'

/**
 * Types a time as a user does: four digits, the last two of which the field puts into the minutes.
 *
 * @param field the hours of a time field, which have its label
 * @param time `HH:MM`
 */
export async function typeTime(field: Locator, time: string): Promise<void> {
  await field.click()
  await field.page().keyboard.type(time.replace(':', ''))
}
