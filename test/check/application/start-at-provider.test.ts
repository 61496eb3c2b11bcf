import type { IncomingMessage } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import type { ApplicationCheck } from '../../../src/check/application/application-check.js';
import { callbackChecks } from '../../../src/check/application/callback.js';
import { providerChecks } from '../../../src/check/application/provider.js';
import { signOutChecks } from '../../../src/check/application/sign-out.js';
import { startEmulator } from '../../../src/emulator/emulator.js';
import { startLocalServer } from '../../support/local-server.js';
import { testedApplication } from './tested-sample.js';

const html = { 'content-type': 'text/html' };

/**
 * What a check says of an application whose start sends to the provider by itself, that keeps what it began in a cookie,
 * its session in another, and what it once read of the provider for as long as it runs, failures too.
 */
async function found(checks: readonly ApplicationCheck[], id: string) {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  let metadata: Promise<{ authorization_endpoint: string; end_session_endpoint: string }> | null = null;
  const discovered = () => {
    metadata ??= fetch(`${emulator.issuer}/.well-known/openid-configuration`).then((answer) => answer.json());
    return metadata;
  };
  const server = await startLocalServer(
    async (request, response) => {
      const url = new URL(request.url ?? '', server.origin);
      const redirect = (to: string | URL, cookies: readonly string[] = []) =>
        response.writeHead(302, { location: String(to), 'set-cookie': [...cookies] }).end();
      try {
        if (url.pathname === '/callback') {
          const isBegun = url.searchParams.get('state') === cookieOf(request, 'begun');
          if (isBegun && url.searchParams.has('code'))
            return redirect('/', ['who=alice', 'begun=; Max-Age=0']);
          if (url.searchParams.get('error') === 'temporarily_unavailable') {
            return response.writeHead(503, html).end('Later.');
          }
          // Whoever begins nothing here is shown what they wrote.
          const isStrange = cookieOf(request, 'begun') === undefined;
          const said = isStrange ? (url.searchParams.get('error_description') ?? '') : '';
          return response.writeHead(400, html).end(`No. ${said}`);
        }
        const { authorization_endpoint, end_session_endpoint } = await discovered();
        if (url.pathname === '/out') {
          const end = new URL(end_session_endpoint);
          end.searchParams.set('client_id', 'emulator-traditional');
          end.searchParams.set('post_logout_redirect_uri', `${server.origin}/`);
          return redirect(end, ['who=; Max-Age=0']);
        }
        if (cookieOf(request, 'who') !== undefined) return response.writeHead(200, html).end('alice');
        const state = crypto.randomUUID();
        const query = { client_id: 'emulator-traditional', response_type: 'code', scope: 'openid', state };
        const to = new URL(authorization_endpoint);
        to.search = String(new URLSearchParams({ ...query, redirect_uri: `${server.origin}/callback` }));
        return redirect(to, [`begun=${state}`]);
      } catch {
        return response.writeHead(503, html).end('The provider is not there.');
      }
    },
    { host: 'localhost' },
  );
  onTestFinished(() => server.close());
  const start = async () => {
    metadata = null;
    return { ended: new Promise<string>(() => {}), printed: () => [], end: async () => {} };
  };
  const url = `${server.origin}/`;
  const application = await testedApplication(emulator, { url, signOutUrl: `${url}out` }, { start });
  await application.getToKnow();
  const check = checks.find((one) => one.id === id);
  return check?.run(application, new AbortController().signal);
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  return new RegExp(`(?:^|; )${name}=([^;]+)`).exec(headers.cookie ?? '')?.[1];
}

it('brings the same callback again to a browser that has not begun another sign-in since', async () => {
  expect(await found(callbackChecks, 'callback.again')).toMatchObject({ outcome: 'warning' });
});

it('takes a sign-out for one that came back, though the application leads to the provider again', async () => {
  expect(await found(signOutChecks, 'sign-out.return')).toMatchObject({ outcome: 'passed' });
});

it('shows markup to a browser that has begun no sign-in, too', async () => {
  expect(await found(callbackChecks, 'callback.markup')).toMatchObject({ outcome: 'failed' });
});

it('asks an application that has read nothing yet to do without the discovery document', async () => {
  expect(await found(providerChecks, 'provider.discovery-down')).toMatchObject({ outcome: 'failed' });
});

it('lets an application say that its provider is not available', async () => {
  expect(await found(callbackChecks, 'callback.error-without-state')).toMatchObject({ outcome: 'passed' });
});
