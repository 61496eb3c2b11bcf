import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../support/capabilities.js';
import { ChromiumProfile, historyOf } from '../support/chromium.js';
import { documentOf, type RunningProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';

describe.skipIf(chromiumMissing() !== null)('in a real browser', () => {
  let providers: Providers;
  beforeAll(async () => {
    providers = await startProviders();
  });
  afterAll(() => providers.close());

  it('a person signs in, signs up as somebody else in the same browser, and signs out', async () => {
    const home = await temporaryDirectory();
    const chromium = await ChromiumProfile.create();
    const { user } = providers.native;
    const signIn = start(home, chromium, signInWith('native'));
    const first = await chromium.tab();
    await first.getByLabel('Username').fill(user.username);
    await first.getByLabel('Password').fill(user.password);
    await first.getByRole('button', { name: 'Sign in' }).click();

    const signedIn = await signIn.ended;
    expect(signedIn.exitCode).toBe(0);
    expect(documentOf(signedIn).subject).toBe(user.id);
    const words = await finalWords(first, 'You are signed in', 'signed-in');
    expect(words).toContain('alice');
    expect(words).toContain('go back to the terminal');
    expect(await providerSession(first)).not.toEqual([]);
    await chromium.quit();

    const signUp = start(home, chromium, [...signInWith('native'), '--sign-up']);
    const second = await chromium.tab();
    await second.getByLabel('Username').fill('newcomer');
    await second.getByRole('button', { name: 'Create account' }).click();
    await second.getByLabel('New password').fill('a new password');
    await second.getByLabel('Confirm password').fill('a new password');
    await second.getByRole('button', { name: 'Save password' }).click();

    const signedUp = await signUp.ended;
    expect(signedUp.exitCode).toBe(0);
    expect(documentOf(signedUp).claims.username).toBe('newcomer');
    expect(await finalWords(second, 'You are signed in', 'signed-up')).toContain('newcomer');
    await chromium.quit();

    const signOut = start(home, chromium, ['sign-out', '--json']);
    const third = await chromium.tab();

    const signedOut = await signOut.ended;
    expect(signedOut.exitCode).toBe(0);
    expect(documentOf(signedOut)).toMatchObject({ revocation: 'done', endSession: 'confirmed' });
    await finalWords(third, 'You are signed out', 'signed-out');
    expect(await providerSession(third)).toEqual([]);
  });

  it('a person refuses', async () => {
    const home = await temporaryDirectory();
    const chromium = await ChromiumProfile.create();
    const signIn = start(home, chromium, signInWith('spa'));
    const page = await chromium.tab();
    await page.getByRole('button', { name: 'Cancel' }).click();

    const outcome = await signIn.ended;
    expect(outcome.exitCode).toBe(5);
    expect(documentOf(outcome)).toEqual({ error: expect.objectContaining({ code: 'access_denied' }) });
    expect(await finalWords(page, 'Sign-in failed', 'refused')).toContain('access_denied');
  });

  /** The cookie by which the provider knows somebody. */
  async function providerSession(page: Page) {
    const cookies = await page.context().cookies();
    return cookies.filter(({ name }) => name === '_session');
  }

  function signInWith(name: 'native' | 'spa'): string[] {
    const { flags } = providers[name];
    return ['sign-in', ...flags, '--port', String(providers.port), '--storage', 'file', '--json'];
  }

  /** Starts the program, which starts Chromium. */
  function start(home: string, chromium: ChromiumProfile, args: readonly string[]): RunningProgram {
    return startProgram(args, { home, environment: { BROWSER: chromium.command } });
  }

  /** What the tab shows at last, which leaves no trace of the code on the screen, in its address or behind it. */
  async function finalWords(page: Page, heading: string, picture: string): Promise<string> {
    await page.getByRole('heading', { name: heading }).waitFor();
    const words = await page.locator('body').innerText();
    const { origin, pathname, search, hash } = new URL(page.url());
    expect(origin).toBe(`http://localhost:${providers.port}`);
    expect(pathname).toMatch(/^\/done\/[\w-]{32}$/);
    expect(search + hash).toBe('');
    const seen = [words, await page.content(), await page.title(), ...(await historyOf(page))].join('\n');
    expect(seen).not.toMatch(/[?&](code|state|error)=/);
    expect(await page.evaluate(() => document.referrer)).toBe('');
    for (const [name, width, height, colorScheme] of screens) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const pictures = process.env['LOGTO_CLI_TEST_PICTURES'];
      if (pictures) await page.screenshot({ path: join(pictures, `${picture}-${name}.png`) });
    }
    return words;
  }
});

/** The pages must look right on all of these; to look at them: LOGTO_CLI_TEST_PICTURES=<directory>. */
const screens = [
  ['desktop-light', 1280, 800, 'light'],
  ['phone-dark', 390, 844, 'dark'],
] as const;
