import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed, type EmulatorIdTokenAlgorithm, withIdTokenAlgorithm } from '../../src/emulator/seed.js';
import { logtoDiscovery } from './logto-discovery.js';

const logtoOrigin = 'http://localhost:3001';

/** Where the emulator says something else than Logto does, beside its own host and port; each is told in help/emulator.md. */
const exceptions: Readonly<Record<string, string>> = {
  id_token_signing_alg_values_supported:
    'applications of a seed may insist on another algorithm than that of the tenant (idTokenAlgorithm)',
};

/** The document of an emulator as it would be at the address of the real one. */
async function discoveryOf(algorithm?: EmulatorIdTokenAlgorithm, path = 'openid-configuration') {
  const seed = algorithm === undefined ? {} : { seed: withIdTokenAlgorithm(defaultSeed(), algorithm) };
  const emulator = await startEmulator(seed);
  try {
    const text = await (await fetch(`${emulator.issuer}/.well-known/${path}`)).text();
    return JSON.parse(text.replaceAll(emulator.endpoint, logtoOrigin)) as Record<string, unknown>;
  } finally {
    await emulator.close();
  }
}

describe('the discovery document', () => {
  it.each(['openid-configuration', 'oauth-authorization-server'])(
    'is that of Logto, member by member and in its order (%s)',
    async (path) => {
      const document = await discoveryOf(undefined, path);
      expect(document).toEqual(logtoDiscovery);
      expect(Object.keys(document)).toEqual(Object.keys(logtoDiscovery));
    },
  );

  it('differs with another seed where that is announced, and nowhere else', async () => {
    const document = await discoveryOf('RS256');
    const names = Object.keys({ ...document, ...logtoDiscovery });
    const real: Readonly<Record<string, unknown>> = logtoDiscovery;
    const different = names.filter((name) => JSON.stringify(document[name]) !== JSON.stringify(real[name]));
    expect(different).toEqual(Object.keys(exceptions));
  });
});
