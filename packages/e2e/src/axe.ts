import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

/**
 * Reports the serious and critical violations that axe finds as a soft failure, after which the test continues.
 *
 * @param part checks only this part of the page, if the rest was checked before
 */
export async function check(page: Page, name: string, part?: string): Promise<void> {
  await test.step(name, async () => {
    if (part !== undefined) await expect(page.locator(part)).toBeVisible()
    // legacy mode: no second page per check, which only pages with frames need
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
    const { violations } = await (part === undefined ? axe : axe.include(part)).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    const found = serious.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, any }) => [target, any[0]?.message]),
    }))
    expect.soft(found, name).toEqual([])
  })
}

/** Journeys in Spanish are part of `pnpm test`; the same ones in English run in `pnpm test:full`. */
export function tagOf(language: 'es' | 'en'): { tag?: '@full' } {
  return language === 'en' ? { tag: '@full' } : {}
}
