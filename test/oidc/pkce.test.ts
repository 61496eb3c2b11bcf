import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPkce, randomValue } from '../../src/oidc/pkce.js';

describe('random values', () => {
  it('are 256 bits, safe in a URL, and never the same', () => {
    const values = Array.from({ length: 1000 }, randomValue);
    expect(new Set(values).size).toBe(1000);
    for (const value of values) expect(value).toMatch(/^[\w-]{43}$/);
  });
});

describe('PKCE', () => {
  it('has a verifier of legal length and its S256 challenge', async () => {
    const { verifier, challenge } = await createPkce();
    expect(verifier).toMatch(/^[A-Za-z0-9._~-]{43,128}$/);
    expect(challenge).toBe(createHash('sha256').update(verifier, 'ascii').digest('base64url'));
    expect((await createPkce()).verifier).not.toBe(verifier);
  });
});
