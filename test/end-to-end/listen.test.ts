import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fetch } from '../../src/network/fetch.js';
import { ask } from '../loopback/http-client.js';
import { ownAddress } from '../loopback/own-address.js';
import { freePort } from '../support/free-port.js';
import { HttpBrowser, personNamed } from '../support/http-browser.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { documentOf } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { fetchOnce, goThere, startSignIn } from './sign-in-run.js';

let port: number;
let provider: PlainProvider;
beforeAll(async () => {
  port = await freePort();
  provider = await startPlainProvider({ redirectUris: [`http://localhost:${port}/callback`] });
});
afterAll(() => provider.close());

/** A browser beyond a published port: what it asks of localhost comes to this machine from outside. */
const outside: Fetch = async (url, init) => {
  if (new URL(url).hostname !== 'localhost') return fetchOnce(url, init);
  const { status, headers, body } = await ask(url, { address: ownAddress });
  return new Response(body, { status, headers: headers as Record<string, string> });
};

const open = ['--listen', '0.0.0.0', '--json'];

it('a published port of a container brings the response, and is warned of', async () => {
  const home = await temporaryDirectory();
  const registration = { flags: ['--issuer', provider.issuer, '--app-id', provider.clients.public.clientId] };
  const environment = { LOGTO_CLI_ALLOW_NON_LOOPBACK: '1' };
  const redirect = ['--redirect-uri', `http://localhost:${port}/callback`];
  const program = startSignIn(registration, port, { home, environment }, [...open, ...redirect]);
  const url = await program.address();
  const state = new URL(url).searchParams.get('state');
  // Who comes by another name than the redirect URI's, or knows nothing, has no part in it.
  const query = `/callback?code=c&state=${state}`;
  expect((await ask(`http://${ownAddress}:${port}${query}`)).status).toBe(421);
  expect(
    (await ask(`http://localhost:${port}/callback?code=c&state=x`, { address: ownAddress })).status,
  ).toBe(400);
  const browser = new HttpBrowser(outside, personNamed({ username: 'carol', password: 'carol-password' }));
  await goThere(browser, program);
  const outcome = await program.ended;
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  expect(documentOf(outcome).subject).toBe('plain-1');
  expect(browser.pages.at(-1)?.text).toContain('You are signed in');
  expect(outcome.stderr).toContain(
    'warning: The callback is open to other machines that reach this one (--listen 0.0.0.0).',
  );
});

it('nothing that a project brings along opens it', async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, '.env'), 'LOGTO_CLI_ALLOW_NON_LOOPBACK=1\n');
  const registration = { flags: ['--issuer', provider.issuer, '--app-id', provider.clients.public.clientId] };
  const flags = [
    ...open,
    '--redirect-uri',
    `http://localhost:${port}/callback`,
    '--dotenv',
    join(home, '.env'),
  ];
  const { exitCode, stdout, stderr } = await startSignIn(registration, port, { home }, flags).ended;
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout).error.code).toBe('config_invalid');
  expect(stderr).toContain('LOGTO_CLI_ALLOW_NON_LOOPBACK in the file of --dotenv has no effect');
});
