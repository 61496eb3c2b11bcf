import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FinalPage } from '../../src/loopback/callback-listener.js';
import { chromiumMissing, chromiumPath } from '../support/capabilities.js';
import { startLocalServer } from '../support/local-server.js';
import { listen, signedIn, state } from './listener.js';

const failed: FinalPage = {
  outcome: 'failed',
  code: 'redirect_uri_not_registered',
  message: `No word breaks here: ${'x'.repeat(200)} <script>document.title = 'owned'</script>`,
  hint: 'Console > Applications > your application > Redirect URIs: add http://localhost:3000/callback',
};

describe.skipIf(chromiumMissing() !== null)('in a real browser', () => {
  let profile: string;
  let browser: BrowserContext;

  beforeAll(async () => {
    profile = await mkdtemp(join(tmpdir(), 'logto-cli-test-chromium-'));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each([
    ['a phone in the dark', { width: 390, height: 844 }, 'dark' as const],
    ['a desk in the light', { width: 1280, height: 800 }, 'light' as const],
  ])('the pages fit %s, and nothing is asked for that they forbid', async (_name, size, colorScheme) => {
    const page = await browser.newPage();
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    for (const final of [signedIn, failed]) {
      const { listener, reports } = await listen();
      const response = listener.response(state);
      const visit = page.goto(`${listener.redirectUri}?code=the-code&state=${state}`);
      await (await response).finish(final);
      await visit;
      expect(page.url()).toMatch(/^http:\/\/localhost:\d+\/done\/[\w-]{32}$/);
      expect(await page.title()).toMatch(/^(You are signed in|Sign-in failed) · logto-cli$/);
      const [scroll, client] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return [scrollWidth, clientWidth];
      });
      expect(scroll).toBe(client);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(ground).toBe(colorScheme === 'dark' ? 'rgb(16, 17, 21)' : 'rgb(244, 245, 247)');
      // No favicon was asked for either.
      expect(reports).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('the address bar and the way back never hold the code', async () => {
    const page = await browser.newPage();
    const { listener } = await listen();
    await page.goto('about:blank');
    const response = listener.response(state);
    const provider = await startLocalServer((_, answer) => {
      answer.writeHead(303, { Location: `${listener.redirectUri}?code=the-code&state=${state}` }).end();
    });
    onTestFinished(() => provider.close());
    const visit = page.goto(provider.origin);
    await (await response).finish(signedIn);
    await visit;
    expect((await page.reload())?.status()).toBe(200);
    expect(await page.evaluate(() => [history.length, document.referrer])).toEqual([2, '']);
    const session = await browser.newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    expect(JSON.stringify(entries)).not.toContain('the-code');
    await page.close();
  });

  it('a response that the provider posts is told for what it is', async () => {
    const page = await browser.newPage();
    const { listener, unusable } = await listen();
    void listener.response(state);
    const field = (name: string, value: string) => `<input type="hidden" name="${name}" value="${value}">`;
    const provider = await startLocalServer((_, answer) => {
      answer.writeHead(200, { 'Content-Type': 'text/html' });
      answer.end(
        `<form method="post" action="${listener.redirectUri}">${field('code', 'c')}${field('state', state)}</form>` +
          '<script>document.forms[0].submit()</script>',
      );
    });
    onTestFinished(() => provider.close());
    await page.goto(provider.origin);
    await page.waitForURL(listener.redirectUri);
    expect(await page.innerText('main')).toContain('response_mode=form_post');
    expect(unusable).toHaveLength(1);
    await page.close();
  });

  it('too many cookies of this host are told by a page, and the response is taken when they are gone', async () => {
    const other = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
    onTestFinished(() => other.close());
    const context = await other.newContext();
    const page = await context.newPage();
    const { listener } = await listen();
    const response = listener.response(state);
    const url = new URL('/', listener.redirectUri).href;
    const cookies = Array.from({ length: 30 }, (_, index) => ({
      name: `c${index}`,
      value: 'x'.repeat(3500),
      url,
    }));
    await context.addCookies(cookies);
    const answer = await page.goto(`${listener.redirectUri}?code=c&state=${state}`);
    expect(answer?.status()).toBe(431);
    expect(await page.innerText('h1')).toBe('Your browser sent too much');
    await context.clearCookies();
    const again = page.reload();
    await (await response).finish(signedIn);
    await again;
    expect(await page.innerText('h1')).toBe('You are signed in');
  });
});
