import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/trace/html-report.js';
import { signIn } from '../oidc/protocol-fixture.js';
import { chromiumMissing, chromiumPath } from '../support/capabilities.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { beginTrace } from './traced-provider.js';

describe.skipIf(chromiumMissing() !== null)('the page of a trace in a real browser', () => {
  let browser: Browser;
  let lying: LyingProvider;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
    lying = await startLyingProvider();
  });
  afterAll(async () => {
    await browser?.close();
    await lying?.close();
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

  it.each([
    ['a phone in the dark', { width: 390, height: 844 }, 'dark' as const],
    ['a desk in the light', { width: 1280, height: 800 }, 'light' as const],
  ])('fits %s, is styled, and asks for nothing', async (_, viewport, colorScheme) => {
    const { options, finish } = await beginTrace();
    await signIn(lying, options);
    const file = join(await temporaryDirectory(), 'trace.html');
    await writeFile(file, htmlReport(finish()));
    const page = await (await browser.newContext({ viewport, colorScheme })).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => complaints.push(request.url()));
    await page.goto(pathToFileURL(file).href);

    expect(complaints).toEqual([pathToFileURL(file).href]);
    await page.locator('.line a').nth(3).click();
    await expect.poll(() => page.getByText('code_verifier').isVisible()).toBe(true);
    const sizes = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      bars: [...document.querySelectorAll('.bar')].map((bar) => bar.getBoundingClientRect().width),
    }));
    expect(sizes.page).toBeLessThanOrEqual(viewport.width);
    expect(Math.min(...sizes.bars)).toBeGreaterThan(3);
    expect(Math.max(...sizes.bars)).toBeGreaterThan(40);
  });
});
