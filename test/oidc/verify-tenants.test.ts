import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenCheck } from '../../src/oidc/verify/token-check.js';
import { type ApiExpectations, verifyToken } from '../../src/oidc/verify/verify-token.js';
import type { Json } from '../support/signed-jwt.js';
import { startTenantsProvider, type TenantsProvider, tenants } from '../support/tenants-provider.js';
import { testFetch } from './protocol-fixture.js';

let provider: TenantsProvider;
beforeEach(async () => {
  provider = await startTenantsProvider();
});
afterEach(() => provider.lying.close());

/** What an API of several tenants finds in a token with these claims. */
async function checks(claims: Json, more: Partial<ApiExpectations> = {}) {
  const tenant = tenants.one;
  const honest = { iss: provider.issuerOf(tenant), tid: tenant, aud: 'api' };
  const token = provider.lying.sign({ typ: 'at+jwt' }, provider.lying.claims({ ...honest, ...claims }));
  const verified = await verifyToken(token, {
    ...provider.place,
    audiences: ['api'],
    scopes: [],
    fetch: await testFetch(),
    now: Date.now,
    ...more,
  });
  const of = (subject: TokenCheck['subject']) => verified.checks.find((check) => check.subject === subject);
  return { valid: verified.valid, iss: of('iss'), signature: of('signature') };
}

describe('an API whose issuer is a template', () => {
  it('takes a token of any tenant that its own claims name', async () => {
    expect(await checks({})).toMatchObject({ valid: true });
    const other = { iss: provider.issuerOf(tenants.other), tid: tenants.other };
    expect(await checks(other)).toMatchObject({ valid: true, iss: { message: other.iss } });
  });

  it.each([
    ['tid is missing', { tid: undefined }],
    ['tid is "../x"', { tid: '../x' }],
    ['It is of', { tid: tenants.other }],
    ['It is of', { iss: 'https://evil.test/x/v2.0' }],
  ])('refuses one where %s: %j', async (words, claims) => {
    expect(await checks(claims)).toMatchObject({
      valid: false,
      iss: { passed: false, message: expect.stringContaining(words) },
    });
  });

  it('takes of a session only tokens of its tenant', async () => {
    const ofSession = provider.issuerOf(tenants.one);
    const other = { iss: provider.issuerOf(tenants.other), tid: tenants.other };
    expect(await checks({}, { ofSession })).toMatchObject({ valid: true });
    expect(await checks(other, { ofSession })).toMatchObject({ valid: false, iss: { passed: false } });
    expect(await checks({ tid: tenants.other }, { ofSession })).toMatchObject({
      iss: { passed: false, message: expect.stringContaining('Its other claims are of') },
    });
  });

  it('takes no key that is of another tenant', async () => {
    provider.lying.lies.jwks = ({ keys }) => ({
      keys: (keys as object[]).map((key) => ({ ...key, issuer: provider.issuerOf(tenants.other) })),
    });
    expect(await checks({})).toMatchObject({
      valid: false,
      signature: { passed: false, message: expect.stringContaining('(its issuer)') },
    });
    const other = { iss: provider.issuerOf(tenants.other), tid: tenants.other };
    expect(await checks(other)).toMatchObject({ valid: true });
  });
});
