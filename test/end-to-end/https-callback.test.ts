import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { defaultSeed, startEmulator } from '../../src/testing.js';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { freePort } from '../support/free-port.js';
import { confirmSignOut, HttpBrowser, personNamed, sentBackWith } from '../support/http-browser.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import {
  expectNothingSecret,
  filesOf,
  goThere,
  secretsIn,
  startSignIn,
  tokensOf,
  withoutLine,
} from './sign-in-run.js';

let port: number;
let provider: PlainProvider;
/** A browser's, which trusts the authority of the tests. */
let trusting: Fetch;
beforeAll(async () => {
  port = await freePort();
  trusting = await createFetch({ environment: {}, caFile: certificateFile('authority') });
  provider = await startPlainProvider({
    redirectUris: [`https://localhost:${port}/callback`],
    postLogoutRedirectUris: [`https://localhost:${port}/`],
  });
});
afterAll(() => provider.close());

/** A home, the flags of a certificate that lies in it, and an application at the provider. */
async function arranged() {
  const home = await temporaryDirectory();
  const key = join(home, 'localhost-key.pem');
  await writeFile(key, serverCertificate('localhost').key);
  const flags = ['--issuer', provider.issuer, '--app-id', provider.clients.public.clientId];
  return {
    home,
    tls: ['--tls-cert', certificateFile('localhost'), '--tls-key', key],
    registration: { flags },
  };
}

const [carol] = [{ username: 'carol', password: 'carol-password' }];
const warning = `The browser comes here over https`;

it('a person signs in and out, the browser coming back over https both times', async () => {
  const { home, tls, registration } = await arranged();
  const browser = new HttpBrowser(trusting, personNamed(carol));
  const program = startSignIn(registration, port, { home }, ['--json', '--prompt', 'consent', ...tls]);
  const url = await goThere(browser, program);
  const outcome = await program.ended;
  expect(outcome.exitCode).toBe(0);
  expect(new URL(url).searchParams.get('redirect_uri')).toBe(`https://localhost:${port}/callback`);
  expect(browser.pages.at(-1)?.url).toMatch(`https://localhost:${port}/done/`);
  expect(browser.pages.at(-1)?.text).toContain('You are signed in');
  expect(outcome.stderr).toContain(`Open https://localhost:${port}/`);
  expect(outcome.stderr.split(warning)).toHaveLength(2);
  const tokens = tokensOf(home);
  expectNothingSecret(withoutLine(outcome.stderr, url), url, secretsIn(tokens));
  expect(outcome.stderr).not.toMatch(/PRIVATE|MIG/);

  const before = filesOf(home);
  const without = documentOf(await runProgram(['sign-out', '--json'], { home })).error;
  expect(without.code).toBe('config_invalid');
  expect(without.message).toContain(`https://localhost:${port}/callback`);
  expect(without.hint).toContain('logto-cli sign-out --tls-cert <pem> --tls-key <pem>');
  expect(without.hint).toContain('logto-cli sign-out --post-logout-redirect-uri none');
  expect(filesOf(home)).toEqual(before);

  const leaving = new HttpBrowser(trusting, confirmSignOut);
  Object.assign(leaving, { cookies: browser.cookies });
  const signOut = startProgram(['sign-out', '--no-browser', '--json', ...tls], { home });
  const address = await goThere(leaving, signOut);
  const signedOut = await signOut.ended;
  expect(documentOf(signedOut)).toMatchObject({ revocation: 'done', endSession: 'confirmed', warnings: [] });
  // The ID token is handed over here, over https as well.
  expect(address).toMatch(`https://localhost:${port}/continue/`);
  expect(leaving.pages[0]?.text).toContain('You are signed out');
  expect(signedOut.stderr.split(warning)).toHaveLength(2);
});

it('a sign-out with no way back takes no certificate', async () => {
  const { home, tls, registration } = await arranged();
  const browser = new HttpBrowser(trusting, personNamed(carol));
  const program = startSignIn(registration, port, { home }, tls);
  await goThere(browser, program);
  expect((await program.ended).exitCode).toBe(0);
  const args = ['sign-out', '--no-browser', '--post-logout-redirect-uri', 'none', '--json'];
  const outcome = await runProgram(args, { home });
  expect(documentOf(outcome)).toMatchObject({ tokens: 'cleared', endSession: 'opened', warnings: [] });
});

it('a person refuses', async () => {
  const { home, tls, registration } = await arranged();
  const browser = new HttpBrowser(trusting, sentBackWith({ error: 'access_denied', iss: provider.issuer }));
  const program = startSignIn(registration, port, { home }, ['--json', ...tls]);
  await goThere(browser, program);
  const outcome = await program.ended;
  expect(outcome.exitCode).toBe(5);
  expect(documentOf(outcome).error.code).toBe('access_denied');
  expect(browser.pages.at(-1)?.text).toContain('Sign-in failed');
});

it('a provider that knows the address with http alone refuses it by its name, before a browser opens', async () => {
  const { home, tls } = await arranged();
  const emulator = await startEmulator({ seed: defaultSeed() });
  try {
    const flags = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
    const args = ['sign-in', ...flags, '--storage', 'file', '--no-browser', '--json', ...tls];
    const outcome = await runProgram([...args, '--port', String(port)], { home });
    expect(outcome.exitCode).toBe(9);
    const { code, message, hint } = documentOf(outcome).error;
    expect(code).toBe('redirect_uri_not_registered');
    expect(`${message} ${hint}`).toContain(`https://localhost:${port}/callback`);
  } finally {
    await emulator.close();
  }
});
