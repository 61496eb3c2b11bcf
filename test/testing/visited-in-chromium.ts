import { type Browser, chromium, type Page } from 'playwright-core';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { type ApplicationTest, type ChecksReport, testApplication } from '../../src/testing.js';
import { startSample } from '../sample-application/sample-application.js';
import { type spaDefects, startSpa } from '../sample-spa/sample-spa.js';
import { chromiumPath } from '../support/capabilities.js';

/** A Chromium that reaches this machine alone. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost', '--no-sandbox'],
  });
}

type Options = Partial<Omit<ApplicationTest<Page>, 'emulator' | 'newContext'>> & {
  /** Where a visit begins, and what tells who is signed in, from the start of the application. */
  readonly startPath?: string;
  readonly signedInPath?: string;
};

async function tested(
  browser: Browser,
  start: (emulator: Emulator) => Promise<{ readonly url: string; close(): Promise<void> }>,
  {
    startPath = '',
    signedInPath = startPath,
    ...test
  }: Omit<ApplicationTest<Page>, 'emulator' | 'url' | 'newContext'> & Options,
): Promise<ChecksReport> {
  const emulator = await startEmulator();
  const application = await start(emulator);
  try {
    return await testApplication({
      emulator,
      url: application.url + startPath,
      signedInUrl: application.url + signedInPath,
      newContext: () => browser.newContext(),
      ...test,
    });
  } finally {
    await application.close();
    await emulator.close();
  }
}

/** The single-page application with these defects, visited in Chromium. */
export function testedSpa(
  browser: Browser,
  defects: readonly (keyof typeof spaDefects)[] = [],
  options: Options = {},
): Promise<ChecksReport> {
  const start = async ({ issuer }: Emulator) => {
    const { origin, close } = await startSpa(issuer, defects);
    return { url: `${origin}/`, close };
  };
  return tested(browser, start, {
    visit: async (page) => {
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText(/^(Signed in as|The sign-in was refused)/).waitFor();
    },
    isSignedIn: async (page) => {
      await page.getByText(/^(Signed in as|Nobody is signed in|The sign-in was refused)/).waitFor();
      return page.getByText('Signed in as').isVisible();
    },
    signOut: async (page) => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('Nobody is signed in').waitFor();
    },
    ...options,
  });
}

/** The sample, which answers with pages, with these defects. */
export function testedSamplePages(
  browser: Browser,
  defects: readonly string[] = [],
  options: Options = {},
): Promise<ChecksReport> {
  const start = ({ issuer }: Emulator) =>
    startSample({
      issuer,
      clientId: 'emulator-traditional',
      clientSecret: 'emulator-only-app-secret',
      defects,
    });
  return tested(browser, start, {
    visit: async (page) => {
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.waitForLoadState();
    },
    isSignedIn: (page) => page.getByText('Signed in as').isVisible(),
    signOut: async (page) => {
      await page.goto(new URL('/sign-out', page.url()).href);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('Nobody is signed in').waitFor();
    },
    ...options,
  });
}
