import { afterEach, describe, expect, it } from 'vitest';
import type { TokenExchangeRequest } from '../../src/oidc/request.js';
import { accessTokenType, subjectTokenType } from '../../src/oidc/token-type.js';
import type { Answer, Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { clientSecret, connect, guarded } from './protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

const resource = 'https://api.example.test';
const subject = { subjectToken: 'subject-token-0123456789', subjectTokenType: accessTokenType };

async function exchanged(
  lies: Lies,
  wanted: Partial<TokenExchangeRequest> = {},
  namedBy: 'endpoint' | 'issuer' = 'endpoint',
) {
  lying = await startLyingProvider(lies);
  const provider = await connect(lying, { clientSecret, namedBy });
  lying.requests.length = 0;
  const secrets = [...lying.issued, subject.subjectToken, 'actor-token-0123456789'];
  return guarded(provider.exchangeToken({ ...subject, scopes: [], ...wanted }), secrets);
}

describe('an exchange of tokens', () => {
  it.each<[string, Partial<TokenExchangeRequest>, Record<string, string>]>([
    ['of one alone', {}, {}],
    [
      'for a resource in an organization',
      { resource, organization: 'org-1', scopes: ['read:things', 'write:things'] },
      { resource, organization_id: 'org-1', scope: 'read:things write:things' },
    ],
    [
      'with an actor',
      { actorToken: 'actor-token-0123456789' },
      { actor_token: 'actor-token-0123456789', actor_token_type: accessTokenType },
    ],
  ])('%s is one authenticated request', async (_, wanted, sent) => {
    expect(await exchanged({}, wanted)).toMatchObject({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      accessTokenExpiresAt: expect.any(Number),
    });
    expect(lying.requests.map(({ step }) => step)).toEqual(['token']);
    const [request] = lying.requests;
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subject.subjectToken,
      subject_token_type: accessTokenType,
      requested_token_type: accessTokenType,
      ...sent,
    });
    expect(request?.headers.authorization).toMatch(/^Basic /);
  });

  it('is of no ID token and no refresh token, whatever the provider adds', async () => {
    const lies: Lies = {
      tokenResponse: (body) => ({ ...body, id_token: 'garbage', refresh_token: 'kept-by-nobody' }),
    };
    const token = await exchanged(lies);
    expect(Object.keys(token).toSorted()).toEqual([
      'accessToken',
      'accessTokenExpiresAt',
      'scopes',
      'tokenType',
    ]);
  });

  it.each([
    [undefined, true],
    [accessTokenType, true],
    ['urn:ietf:params:oauth:token-type:jwt', true],
    ['urn:ietf:params:oauth:token-type:id_token', false],
    ['urn:ietf:params:oauth:token-type:refresh_token', false],
    [7, false],
  ])('that gives a token of the type %s is of use: %s', async (type, isUsable) => {
    const asked = exchanged({ tokenResponse: (body) => ({ ...body, issued_token_type: type }) });
    if (isUsable) await expect(asked).resolves.toMatchObject({ tokenType: 'Bearer' });
    else await expect(asked).rejects.toMatchObject({ code: 'token_response_invalid' });
  });

  it('for another resource than was asked for is refused', async () => {
    const lies: Lies = { accessToken: (claims) => ({ ...claims, aud: 'https://other.test' }) };
    await expect(exchanged(lies, { resource })).rejects.toMatchObject({ code: 'token_response_invalid' });
  });
});

describe('an exchange is refused', () => {
  function logto(status: number, error: string, error_description: string): Answer {
    return { status, body: { code: `oidc.${error}`, message: 'Localised.', error, error_description } };
  }
  const actorToken = 'actor-token-0123456789';

  it.each<[string, string, string, Answer, Partial<TokenExchangeRequest>]>([
    [
      'to an application that may not',
      'grant_type_not_allowed',
      'Allow token exchange',
      logto(400, 'invalid_request', 'requested grant type is not allowed for this client'),
      {},
    ],
    [
      'for its subject',
      'token_rejected',
      'of a suspended user',
      logto(400, 'invalid_grant', 'grant request is invalid'),
      {},
    ],
    [
      'for a personal access token that is called something else',
      'token_rejected',
      'say --subject-token-type pat',
      logto(400, 'invalid_grant', 'grant request is invalid'),
      { subjectToken: 'pat_0123456789' },
    ],
    [
      'for its subject or its actor',
      'token_rejected',
      'An actor token must be an opaque access token',
      logto(400, 'invalid_grant', 'grant request is invalid'),
      { actorToken },
    ],
    [
      'for its subject, in the words of RFC 8693',
      'token_rejected',
      'Get a new one',
      {
        status: 400,
        body: { error: 'invalid_request', error_description: 'The subject_token is not active' },
      },
      {},
    ],
    [
      'for something that may be its subject',
      'token_request_rejected',
      'of a subject or actor token that it does not accept',
      { status: 400, body: { error: 'invalid_request', error_description: 'Bad request' } },
      {},
    ],
    [
      'for what it lacks',
      'token_request_rejected',
      'Correct what it names',
      {
        status: 400,
        body: { error: 'invalid_request', error_description: "missing required parameter 'subject_token'" },
      },
      {},
    ],
    [
      'for its resource',
      'resource_unknown',
      'Give --resource exactly',
      logto(400, 'invalid_target', 'x'),
      { resource },
    ],
    [
      'for its organization',
      'organization_denied',
      'Organizations',
      logto(403, 'access_denied', 'user is not a member of the organization'),
      { organization: 'org-1' },
    ],
    [
      'for its scopes',
      'scope_not_allowed',
      'Leave it out of --scope',
      { status: 400, body: { error: 'invalid_scope' } },
      {},
    ],
    [
      'for the scopes of its subject',
      'scope_not_allowed',
      'Exchange one that has it',
      { status: 403, body: { error: 'insufficient_scope' } },
      {},
    ],
    ['by a rule', 'access_denied', 'Rules', logto(400, 'access_denied', 'Access denied.'), {}],
    ['by an outage', 'provider_error', 'later', { status: 503 }, {}],
    ['for whatever', 'token_request_rejected', 'then try again', { status: 400, body: { error: 'x' } }, {}],
  ])('%s (%s)', async (_, code, hint, token, wanted) => {
    const namedBy = hint === 'Get a new one' ? 'issuer' : 'endpoint';
    await expect(exchanged({ answers: { token } }, wanted, namedBy)).rejects.toMatchObject({
      code,
      hint: expect.stringContaining(hint),
    });
  });

  it('with what it can be that is not accepted', async () => {
    const refused: Lies = { answers: { token: { status: 400, body: { error: 'invalid_grant' } } } };
    await expect(exchanged(refused)).rejects.toMatchObject({
      details: { error: 'invalid_grant', status: 400, possible: ['subject_token'] },
    });
    await lying.close();
    await expect(exchanged(refused, { actorToken })).rejects.toMatchObject({
      details: { possible: ['subject_token', 'actor_token'] },
    });
  });

  it('by a provider that repeats what it was sent, which no error does', async () => {
    const token: Answer = {
      status: 400,
      body: { error: 'invalid_grant', error_description: `no ${subject.subjectToken} here` },
    };
    await expect(exchanged({ answers: { token } })).rejects.toMatchObject({
      message: expect.stringContaining('no *** here'),
    });
  });
});

describe('the type of a subject token', () => {
  it.each([
    ['access-token', accessTokenType],
    ['pat', 'urn:logto:token-type:personal_access_token'],
    ['impersonation', accessTokenType],
    ['urn:ietf:params:oauth:token-type:id_token', 'urn:ietf:params:oauth:token-type:id_token'],
    ['https://example.test/kind', 'https://example.test/kind'],
    ['jwt', null],
    ['', null],
    ['toString', null],
    ['urn:with blank', null],
  ])('%s is %s', async (name, type) => {
    lying = await startLyingProvider();
    expect(subjectTokenType(name)).toBe(type);
  });
});
