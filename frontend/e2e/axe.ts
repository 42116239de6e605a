import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What a person with a screen reader, a keyboard or weak eyes would stumble over. */
export async function stumbles(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
}
