import { serializeTokenSet, tokenSetKey } from '../../src/client/token-set.js';
import { updateConfiguration, withProfile } from '../../src/profile/config-file.js';
import type { Runtime } from '../../src/runtime.js';
import type { StorageKind } from '../../src/storage/storage.js';
import { jwtWithSignature } from './signed-jwt.js';

/** What a test wants different about a session. */
export interface StoredSessionOptions {
  readonly kind?: StorageKind;
  /** Beside and instead of the usual ones. */
  readonly claims?: Record<string, unknown>;
  readonly redirectUri?: string;
}

/** Leaves behind what a sign-in to the application `app` at https://tenant.test leaves behind. */
export async function storeSession(
  runtime: Runtime,
  profile: string,
  {
    kind = 'keychain',
    claims = {},
    redirectUri = 'http://localhost:3000/callback',
  }: StoredSessionOptions = {},
): Promise<void> {
  const issuer = 'https://tenant.test/oidc';
  const usual = {
    sub: 'alice-id',
    name: 'Alice',
    iss: issuer,
    aud: 'app',
    iat: 1_767_225_600,
    exp: 1_800_000_000,
  };
  const access = { organization: null, token: 'an-access-token', tokenType: 'Bearer' };
  const record = serializeTokenSet({
    issuer,
    endpoint: 'https://tenant.test',
    appId: 'app',
    redirectUri,
    idToken: jwtWithSignature({ alg: 'ES384' }, { ...usual, ...claims }, Buffer.from('of nobody')),
    refreshToken: 'a-refresh-token',
    scopes: ['openid', 'profile'],
    resources: [],
    signedInAt: Date.UTC(2026, 0, 1),
    accessTokens: [
      { ...access, resource: null, scopes: ['openid'], expiresAt: Date.UTC(2026, 0, 1, 1) },
      { ...access, resource: 'https://api.test', scopes: [], expiresAt: null },
    ],
  });
  await (await runtime.storage(kind, profile)).set(tokenSetKey, record);
  await updateConfiguration(runtime.directories.config, runtime.lock('.config'), (configuration) =>
    withProfile(configuration, profile, { session: kind }),
  );
}
