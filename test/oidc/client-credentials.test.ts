import { afterEach, describe, expect, it } from 'vitest';
import type { ClientCredentialsRequest } from '../../src/oidc/request.js';
import { failureOf } from '../support/failure-of.js';
import type { Answer, Answering, Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { onlyFor, type Reading, type RegisteredClient } from '../support/registered-client.js';
import { clientSecret, connect, guarded } from './protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

const resource = 'https://api.example.test';

async function tokenOf(lies: Lies, wanted: Partial<ClientCredentialsRequest>, secret = clientSecret) {
  lying = await startLyingProvider(lies);
  const provider = await connect(lying, { clientSecret: secret, namedBy: 'endpoint' });
  lying.requests.length = 0;
  return guarded(provider.clientCredentials({ scopes: [], ...wanted }), lying.issued);
}

describe('a token for the application itself', () => {
  it.each<[Partial<ClientCredentialsRequest>, Record<string, string>]>([
    [{}, {}],
    [
      { resource, scopes: ['read:things', 'write:things'] },
      { resource, scope: 'read:things write:things' },
    ],
    [{ organization: 'org-1' }, { organization_id: 'org-1' }],
  ])('for %j is one authenticated request', async (wanted, sent) => {
    const started = Date.now();
    const token = await tokenOf({}, wanted);
    expect(token).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      accessTokenExpiresAt: expect.any(Number),
      // Neither the answer nor the JWT names one.
      scopes: [],
    });
    expect(token.accessTokenExpiresAt).toBeGreaterThanOrEqual(started + 3_600_000);
    expect(lying.requests.map(({ step }) => step)).toEqual(['token']);
    const [request] = lying.requests;
    expect(Object.fromEntries(request?.form ?? [])).toEqual({ grant_type: 'client_credentials', ...sent });
    expect(request?.headers.authorization).toMatch(/^Basic /);
  });

  it('has the scopes that it was granted', async () => {
    const lies: Lies = { tokenResponse: (body) => ({ ...body, scope: 'read:things' }) };
    const token = await tokenOf(lies, { resource, scopes: ['read:things', 'write:things'] });
    expect(token.scopes).toEqual(['read:things']);
  });

  it('has the scopes that were asked for where it is opaque and the answer names none (RFC 6749, section 5.1)', async () => {
    const lies: Lies = { tokenResponse: (body) => ({ ...body, access_token: 'opaque' }) };
    expect((await tokenOf(lies, { scopes: ['read:things'] })).scopes).toEqual(['read:things']);
  });

  describe('with a secret that has to be encoded in the header', () => {
    const secret = 'a/b+c=: %é';
    const at = async (client: Pick<RegisteredClient, 'reads' | 'refusal'>, methods?: readonly string[]) => {
      lying = await startLyingProvider();
      const { clientId } = lying;
      lying.lies = {
        answers: { token: onlyFor({ clientId, secret, ...client }) },
        discovery: (document) => ({ ...document, token_endpoint_auth_methods_supported: methods }),
      };
      const provider = await connect(lying, { clientSecret: secret });
      return { provider, token: () => guarded(provider.clientCredentials({ scopes: [] }), lying.issued) };
    };

    it.each<[Reading[], Answer | undefined, string | undefined, number]>([
      [['basic'], undefined, undefined, 1],
      [['basic, not decoded', 'post'], undefined, 'client_secret_post', 2],
      [['basic, not decoded'], undefined, 'client_secret_basic_raw', 3],
      [
        ['basic, not decoded'],
        { status: 400, body: { error: 'invalid_request' } },
        'client_secret_basic_raw',
        3,
      ],
    ])('is found in the way that the provider reads: %j', async (reads, refusal, authentication, asked) => {
      const { provider, token } = await at({ reads, ...(refusal && { refusal }) });
      expect(await token()).toMatchObject({ tokenType: 'Bearer' });
      expect(provider.authentication).toBe(authentication);
      expect(lying.requestsTo('token')).toHaveLength(asked);
      await token();
      expect(lying.requestsTo('token')).toHaveLength(asked + 1);
    });

    it('is asked about in no way that is not listed, and what the first was told is told', async () => {
      let count = 0;
      const refusal = () => {
        count += 1;
        return { status: 401, body: { error: 'invalid_client', error_description: `attempt ${count}` } };
      };
      const { provider, token } = await at({ reads: [], refusal }, ['client_secret_basic']);
      const error = await failureOf(token());
      expect([error.code, error.message]).toEqual(['client_rejected', expect.stringContaining('attempt 1')]);
      expect(lying.requestsTo('token').some(({ form }) => form.has('client_secret'))).toBe(false);
      expect(provider.authentication).toBeUndefined();
    });
  });

  it.each([
    ['the right secret: its type is wrong', clientSecret, 'grant_type_not_allowed'],
    ['a wrong secret: that is', 'wrong-secret-0123456789', 'client_rejected'],
  ])(
    'that is refused with one error for type and secret is told apart by its words, with %s',
    async (_, secret, code) => {
      const right = Buffer.from(`app:${clientSecret}`).toString('base64');
      const answer: Answering = ({ headers }) => ({
        status: 401,
        body: {
          error: 'unauthorized_client',
          error_description:
            headers.authorization === `Basic ${right}`
              ? 'Client not enabled to retrieve service account'
              : 'Invalid client or Invalid client credentials',
        },
      });
      await expect(tokenOf({ answers: { token: answer } }, {}, secret)).rejects.toMatchObject({ code });
    },
  );

  it('comes without an ID token, whatever the provider adds', async () => {
    const lies: Lies = { tokenResponse: (body) => ({ ...body, id_token: 'garbage' }) };
    expect(await tokenOf(lies, { resource })).not.toHaveProperty('idToken');
  });

  it('ends when it says itself, where the answer does not', async () => {
    const lies: Lies = {
      accessToken: (claims) => ({ ...claims, exp: 2_000_000_000 }),
      tokenResponse: (body) => ({ ...body, expires_in: undefined }),
    };
    expect((await tokenOf(lies, { resource })).accessTokenExpiresAt).toBe(2_000_000_000_000);
  });

  it('needs a secret, and is not asked for without one', async () => {
    await expect(tokenOf({}, { resource }, '')).rejects.toMatchObject({
      code: 'client_secret_missing',
      hint: expect.stringContaining('LOGTO_APP_SECRET'),
    });
    expect(lying.requests).toEqual([]);
  });

  it.each<[string, Partial<ClientCredentialsRequest>, unknown]>([
    ['another resource', { resource }, 'https://other.test'],
    ['another organization', { organization: 'org-1' }, 'urn:logto:organization:org-2'],
  ])('that is for %s is refused', async (_, wanted, aud) => {
    const lies: Lies = { accessToken: (claims) => ({ ...claims, aud }) };
    await expect(tokenOf(lies, wanted)).rejects.toMatchObject({ code: 'token_response_invalid' });
  });
});

describe('a token for the application itself is denied', () => {
  function logto(status: number, error: string, error_description: string): Answer {
    return { status, body: { code: `oidc.${error}`, message: 'Localised.', error, error_description } };
  }

  it.each<[string, string, string, Answer, Partial<ClientCredentialsRequest>]>([
    [
      'for nothing that it would be for',
      'resource_unknown',
      '--resource <uri> or --organization <id>',
      logto(400, 'invalid_target', 'both `resource` and `organization_id` are not provided'),
      {},
    ],
    ['for its resource', 'resource_unknown', 'Console', logto(400, 'invalid_target', 'x'), { resource }],
    [
      'for its organization',
      'organization_denied',
      'Organizations',
      logto(403, 'access_denied', 'x'),
      { organization: 'org-1' },
    ],
    [
      'to an application of another kind',
      'grant_type_not_allowed',
      'machine-to-machine',
      logto(400, 'invalid_request', 'requested grant type is not allowed for this client'),
      { resource },
    ],
    ['for its scopes', 'scope_not_allowed', '--scope', { status: 400, body: { error: 'invalid_scope' } }, {}],
    ['by an outage', 'provider_error', 'later', { status: 503 }, {}],
    ['by a rule', 'token_request_rejected', 'Custom JWT', logto(400, 'access_denied', 'x'), { resource }],
    ['for whatever', 'token_request_rejected', 'try again', { status: 400, body: { error: 'x' } }, {}],
  ])('%s (%s)', async (_, code, hint, token, wanted) => {
    await expect(tokenOf({ answers: { token } }, wanted)).rejects.toMatchObject({
      code,
      hint: expect.stringContaining(hint),
    });
    expect(lying.requests).toHaveLength(1);
  });

  it('for a wrong secret', async () => {
    const refused = logto(401, 'invalid_client', 'client authentication failed');
    await expect(tokenOf({ answers: { token: refused } }, { resource })).rejects.toMatchObject({
      code: 'client_secret_invalid',
    });
  });
});
