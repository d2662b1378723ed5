import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

/**
 * Fails, and goes on, where axe finds what keeps somebody from using the page.
 *
 * @param part where only a part is new: the rest of that page has had its own check
 */
export async function check(page: Page, name: string, part?: string): Promise<void> {
  await test.step(name, async () => {
    if (part !== undefined) await expect(page.locator(part)).toBeVisible()
    // legacy mode: no second page per check, which only pages with frames need
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
    const { violations } = await (part === undefined ? axe : axe.include(part)).analyze()
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    const told = grave.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, any }) => [target, any[0]?.message]),
    }))
    expect.soft(told, name).toEqual([])
  })
}
