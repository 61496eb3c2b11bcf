import { afterEach, describe, expect, it } from 'vitest';
import { callbackChecks } from '../../../src/check/application/callback.js';
import { startEmulator } from '../../../src/emulator/emulator.js';
import { startLocalServer } from '../../support/local-server.js';
import { testedApplication } from './tested-sample.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What the check of this name says of an application that signs in whoever comes with a code, and sends these. */
async function found(id: string, parameters: Readonly<Record<string, string>>) {
  const emulator = await startEmulator();
  const server = await startLocalServer(
    (request, response) => {
      const url = new URL(request.url ?? '', server.origin);
      const redirect = (location: string, headers = {}) =>
        response.writeHead(302, { location, ...headers }).end();
      if (url.pathname === '/in') {
        const query = new URLSearchParams({
          client_id: 'emulator-traditional',
          response_type: 'code',
          scope: 'openid',
          redirect_uri: `${server.origin}/callback`,
          ...parameters,
        });
        redirect(`${emulator.issuer}/auth?${query}`);
      } else if (url.pathname === '/callback') {
        redirect('/', url.searchParams.has('code') ? { 'set-cookie': 'who=me' } : {});
      } else {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(request.headers.cookie?.includes('who=me') ? 'alice' : '<a href=/in>In</a>');
      }
    },
    { host: 'localhost' },
  );
  closing.push(
    () => server.close(),
    () => emulator.close(),
  );
  const application = await testedApplication(emulator, { url: `${server.origin}/` });
  await application.getToKnow();
  const check = callbackChecks.find((one) => one.id === id);
  return check?.run(application, new AbortController().signal);
}

describe.each(['callback.no-state', 'callback.wrong-state'])('%s', (id) => {
  it.each([
    ['fails where nothing else binds the answer to the browser', { state: 'abc' }, 'failed'],
    ['warns where PKCE or a nonce may', { state: 'abc', nonce: 'def' }, 'warning'],
    ['asks nothing where no state is sent', { nonce: 'def' }, 'skipped'],
  ])('%s', async (_case, parameters, outcome) => {
    expect(await found(id, parameters)).toMatchObject({ outcome });
  });
});

it.each(['callback.other-browser', 'callback.stranger'])(
  '%s fails where the answer is bound to nothing, whatever was sent',
  async (id) => {
    expect(await found(id, { state: 'abc', nonce: 'def' })).toMatchObject({ outcome: 'failed' });
  },
);
