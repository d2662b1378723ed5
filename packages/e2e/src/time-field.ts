import type { Locator } from '@playwright/test'

/**
 * Types a time as a hand does: four digits, of which the field takes two to the minutes.
 * @param field the hours of a time field, which bear its label
 * @param time `HH:MM`
 */
export async function typeTime(field: Locator, time: string): Promise<void> {
  await field.click()
  await field.page().keyboard.type(time.replace(':', ''))
}
