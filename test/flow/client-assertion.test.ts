import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { ApplicationConfig } from '../../src/client/logto-config.js';
import { browserSignIn } from '../../src/flow/browser-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { freePort } from '../support/free-port.js';
import { HttpBrowser, personNamed } from '../support/http-browser.js';
import { startPlainProvider } from '../support/plain-provider.js';
import { RecordedProgress } from '../support/recorded-progress.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const clientKey = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const appSecret = 'a-secret-of-more-than-thirty-two-characters';

let fetch: Fetch;
let redirectUri: string;
beforeAll(async () => {
  fetch = await createFetch({ environment: {} });
  redirectUri = `http://localhost:${await freePort()}/callback`;
});

/** A provider that verifies what its applications sign, wherever they authenticate. */
async function provider(isPushed: boolean): Promise<string> {
  const shared = {
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code' as const],
    application_type: 'native' as const,
  };
  const started = await startPlainProvider({
    configuration: {
      clientAuthMethods: ['client_secret_jwt', 'private_key_jwt'],
      clients: [
        {
          ...shared,
          client_id: 'by-secret',
          client_secret: appSecret,
          token_endpoint_auth_method: 'client_secret_jwt',
        },
        {
          ...shared,
          client_id: 'by-key',
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [publicKey.export({ format: 'jwk' }) as never] },
        },
      ],
      features: {
        clientCredentials: { enabled: true },
        pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: isPushed },
      },
    },
  });
  onTestFinished(() => started.close());
  return started.issuer;
}

describe('an application that signs', () => {
  it.each<[string, string, Partial<ApplicationConfig>]>([
    ['by-secret', 'sent', { appSecret }],
    ['by-secret', 'pushed', { appSecret }],
    ['by-key', 'sent', { clientKey }],
    ['by-key', 'pushed', { clientKey }],
  ])(
    '%s signs in with a request that is %s, refreshes, revokes and gets tokens for itself',
    async (appId, way, proof) => {
      const issuer = await provider(way === 'pushed');
      const storage = new MemoryStorage();
      const config = { issuer, appId, prompt: 'consent', ...proof };
      const client = () => new LogtoClient(config, { storage, fetch });
      const progress = new RecordedProgress();
      const browser = new HttpBrowser(fetch, personNamed({ username: 'carol', password: 'carol-password' }));
      await browserSignIn(testRuntime({ home: await temporaryDirectory(), browser }), {
        client: client(),
        options: {},
        redirectUri,
        timeout: 60,
        useBrowser: true,
        preflight: true,
        progress,
      });
      expect(progress.details).toEqual([expect.stringContaining('accepts')]);
      expect(await client().obtainAccessToken({ refresh: true })).toMatchObject({ tokenType: 'Bearer' });
      expect(await client().signOutWithReport()).toMatchObject({ revocation: 'done', failure: null });
      expect(await client().getClientCredentialsToken({})).toMatchObject({ tokenType: 'Bearer' });
    },
  );

  it('and whose key is another one is rejected before a browser opens', async () => {
    const issuer = await provider(false);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const config = {
      issuer,
      appId: 'by-key',
      clientKey: String(other.export({ type: 'pkcs8', format: 'pem' })),
    };
    const progress = new RecordedProgress();
    const signingIn = browserSignIn(testRuntime({ home: await temporaryDirectory() }), {
      client: new LogtoClient(config, { fetch }),
      options: {},
      redirectUri,
      timeout: 60,
      useBrowser: true,
      preflight: true,
      progress,
    });
    expect(await failureOf(signingIn)).toMatchObject({
      code: 'client_rejected',
      details: { possible: ['auth_method'] },
      hint: expect.stringContaining('--client-key'),
    });
    expect(progress.addresses).toEqual([]);
  });
});
