import { startEmulator } from 'logto-cli/testing';
import { chromium } from 'playwright-core';
import { it } from 'vitest';
import { startApplication } from './application.js';

it('a person signs in, once the provider is up again', async () => {
  const emulator = await startEmulator({ faults: { token: 'status:503' } });
  const application = await startApplication({ endpoint: emulator.endpoint, appId: 'emulator-native' });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
  });
  try {
    const page = await browser.newPage();
    await page.goto(application.url);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Username').fill('alice');
    await page.getByLabel('Password').fill('emulator-only-alice');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Nobody is signed in: provider_error').waitFor();

    emulator.setFaults({});
    await page.goto(application.url);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText('Hello alice').waitFor();
  } finally {
    await browser.close();
    await application.close();
    await emulator.close();
  }
});
