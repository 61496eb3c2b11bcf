import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { defaultSeed, startEmulator } from '../../src/testing.js';
import { chromiumMissing } from '../support/capabilities.js';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { ChromiumProfile } from '../support/chromium.js';
import { freePort } from '../support/free-port.js';
import { documentOf, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it.skipIf(chromiumMissing() !== null)(
  'in a real browser that does not trust the certificate, a person goes on past the warning, signs in and out',
  async () => {
    const [home, port] = [await temporaryDirectory(), await freePort()];
    const seed = defaultSeed();
    const applications = seed.applications.map((application) =>
      application.type === 'Traditional'
        ? {
            ...application,
            redirectUris: [`https://localhost:${port}/callback`],
            postLogoutRedirectUris: [`https://localhost:${port}/`],
          }
        : application,
    );
    const emulator = await startEmulator({ seed: { ...seed, applications } });
    onTestFinished(() => emulator.close());
    const [user] = emulator.description.users;
    const application = applications.find(({ type }) => type === 'Traditional');
    const chromium = await ChromiumProfile.create();
    const key = join(home, 'localhost-key.pem');
    await writeFile(key, serverCertificate('localhost').key);
    const tls = ['--tls-cert', certificateFile('localhost'), '--tls-key', key];
    const environment = { BROWSER: chromium.command, LOGTO_APP_SECRET: application?.appSecret ?? '' };
    const provider = ['--endpoint', emulator.endpoint, '--app-id', application?.appId ?? ''];

    const flags = [...provider, '--port', `${port}`, '--storage', 'file', '--json', ...tls];
    const signIn = startProgram(['sign-in', ...flags], { home, environment });
    const page = await chromium.tab();
    await (await come(page, page.getByLabel('Username'))).fill(user?.username ?? '');
    await page.getByLabel('Password').fill(user?.password ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await come(page, page.getByRole('heading', { name: 'You are signed in' }));
    const signedIn = await signIn.ended;
    expect(signedIn.exitCode, signedIn.stderr).toBe(0);
    expect(documentOf(signedIn).subject).toBe(user?.id);
    expect(page.url()).toMatch(`https://localhost:${port}/done/`);
    expect(signedIn.stderr).toContain('where it does not trust the certificate of --tls-cert, it warns');
    expect(signedIn.stderr.split('Whoever came does not trust the certificate')).toHaveLength(2);
    await chromium.quit();

    const signOut = startProgram(['sign-out', '--json', ...tls], { home, environment });
    const again = await chromium.tab();
    await come(again, again.getByRole('heading', { name: 'You are signed out' }));
    const signedOut = await signOut.ended;
    expect(documentOf(signedOut)).toMatchObject({ revocation: 'done', endSession: 'confirmed' });
  },
);

/**
 * Waits for something on the page, as a person who goes on past the warning of the browser where there is one: where that
 * is started here, its first address is ours already, and else the callback is the first.
 */
async function come(page: Page, wanted: Locator): Promise<Locator> {
  const details = page.locator('#details-button');
  await wanted.or(details).first().waitFor();
  if (await details.isVisible()) {
    await details.click();
    await page.locator('#proceed-link').click();
  }
  await wanted.waitFor();
  return wanted;
}
