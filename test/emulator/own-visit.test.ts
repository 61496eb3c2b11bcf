import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** `fetch` lets nobody choose a host. */
function get(path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(`${emulator.endpoint}${path}`, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

const paths = ['/', '/sign-in', '/oidc/jwks', '/oidc/.well-known/openid-configuration', '/api/experience'];
const secrets = [
  'emulator-only-alice',
  'emulator-only-bob',
  'emulator-only-app-secret',
  'emulator-only-m2m-secret',
];

describe('a name that was made to resolve to this machine', () => {
  it.each([
    'rebound.test',
    'rebound.test:4000',
    'localhost.rebound.test',
    '127.0.0.1.rebound.test',
    '0.0.0.0',
    '192.168.0.1',
    'localhost@rebound.test',
    'rebound.test#localhost',
    'rebound.test/localhost',
  ])('%j gets nothing', async (host) => {
    for (const path of paths) {
      const { status, text } = await get(path, { host });
      expect(status).toBe(421);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it.each(['localhost', 'localhost:1', 'LocalHost', '127.0.0.1:4000', '127.1.2.3', '[::1]:4000'])(
    '%j is this machine',
    async (host) => {
      expect((await get('/oidc/jwks', { host })).status).toBe(200);
    },
  );
});

describe('the overview', () => {
  it.each([{}, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }])(
    'shows what is needed to sign in to who opens it: %o',
    async (headers) => {
      const { text } = await get('/', headers);
      for (const secret of secrets) expect(text).toContain(secret);
      expect(text).not.toContain('show them');
    },
  );

  it.each(['cross-site', 'same-site', 'something-new'])(
    'shows no secret where another page led there: %s',
    async (site) => {
      const { status, text } = await get('/', { 'sec-fetch-site': site });
      expect(status).toBe(200);
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).toContain('emulator-native');
      expect(text).toContain('<a href="/">show them</a>');
    },
  );
});
