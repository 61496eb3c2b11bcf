import { startEmulator, testApplication } from 'logto-cli/testing';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { startSinglePageApplication } from './single-page-application.js';

it('the application signs people in, and nobody else', { timeout: 600_000 }, async () => {
  const emulator = await startEmulator();
  const application = await startSinglePageApplication({ issuer: emulator.issuer });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
  });
  try {
    const { checks } = await testApplication({
      emulator,
      url: application.url,
      newContext: () => browser.newContext(),
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
    });
    const wrong = checks.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped');
    expect(wrong).toEqual([]);
  } finally {
    await browser.close();
    await application.close();
    await emulator.close();
  }
});
