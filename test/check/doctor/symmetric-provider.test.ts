import { describe, expect, it, onTestFinished } from 'vitest';
import { TestedProvider } from '../../../src/check/tested-provider.js';
import { checksWithoutUser } from '../../../src/check/without-user/checks-without-user.js';
import { createFetch } from '../../../src/network/create-fetch.js';
import { startLyingProvider } from '../../support/lying-provider.js';

const signal = new AbortController().signal;

/** What a check says of a provider that signs ID tokens with the secret of the application alone, and has no keys. */
async function outcomeOf(id: string, clientSecret?: string) {
  const lying = await startLyingProvider({
    discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['HS256'] }),
    jwks: () => ({ keys: [] }),
  });
  onTestFinished(() => lying.close());
  const subject = new TestedProvider({
    issuer: lying.issuer,
    clientId: 'app',
    ...(clientSecret !== undefined && { clientSecret }),
    redirectUri: 'http://localhost:3000/callback',
    device: false,
    fetch: await createFetch({ environment: {}, timeout: 10_000 }),
    now: Date.now,
    signal,
  });
  const check = checksWithoutUser.find((found) => found.id === id) ?? expect.unreachable(id);
  return check.run(subject, signal);
}

describe('a provider that announces HS256 alone', () => {
  it('is a warning for an application whose secret is long enough', async () => {
    expect(
      await outcomeOf('discovery.id-token-algorithms', 'a-secret-of-32-bytes-0123456789-'),
    ).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('This application verifies by its secret'),
    });
  });

  it.each([undefined, 'short'])('fails for an application with the secret %s', async (secret) => {
    expect(await outcomeOf('discovery.id-token-algorithms', secret)).toMatchObject({ outcome: 'failed' });
  });

  it('needs no keys', async () => {
    expect(await outcomeOf('keys.document')).toMatchObject({ outcome: 'passed' });
    expect(await outcomeOf('keys.algorithms')).toMatchObject({ outcome: 'skipped' });
  });
});
