import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });

/** A page that notes what the content security policy refused and what went wrong in scripts. */
export async function openPage(browser: Browser, address: string): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  return { page, faults };
}

/** The accessibility rules that the page breaks, as `rule: element`, in light and in dark. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axe.source);
    found.push(...await page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as { axe: typeof axe };
      const { violations } = await checker.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}`));
    }));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}
