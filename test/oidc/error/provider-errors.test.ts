import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { clientSecret, connect, guarded, signIn, startSession } from '../protocol-fixture.js';

/** What providers of the world answer at the token endpoint, as they word it, and what it means. */

let lying: LyingProvider;
afterEach(() => lying.close());

interface Said {
  readonly who: string;
  readonly answer: Answer;
  readonly code: string;
  /** In the hint. */
  readonly hint?: RegExp;
  readonly details?: Record<string, unknown>;
  readonly secret?: true;
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body: body as Record<string, unknown>, headers };
}

function oauth(status: number, error: string, error_description?: string): Answer {
  return json(status, { error, ...(error_description !== undefined && { error_description }) });
}

const generic =
  'The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is ' +
  'invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued ' +
  'to another client.';

const sayings: readonly Said[] = [
  {
    who: 'Auth0, a wrong secret',
    answer: oauth(401, 'access_denied', 'Unauthorized'),
    code: 'client_rejected',
    secret: true,
    details: {
      possible: ['client_unknown', 'client_secret_invalid', 'client_secret_unexpected', 'auth_method'],
    },
  },
  {
    who: 'Auth0, a rule that denies',
    answer: oauth(403, 'access_denied', 'You are not allowed'),
    code: 'access_denied',
    hint: /rules/,
  },
  {
    who: 'Auth0, a verifier',
    answer: oauth(403, 'invalid_grant', 'Failed to verify code verifier'),
    code: 'code_rejected',
    hint: /verifier/,
    details: { possible: ['code_verifier_differs'] },
  },
  {
    who: 'Google, no secret',
    answer: oauth(400, 'invalid_request', 'client_secret is missing.'),
    code: 'client_secret_missing',
    hint: /LOGTO_APP_SECRET/,
  },
  {
    who: 'Google, a wrong secret',
    answer: oauth(401, 'invalid_client', 'The provided client secret is invalid.'),
    code: 'client_secret_invalid',
    secret: true,
  },
  {
    who: 'Google, no such client',
    answer: oauth(401, 'invalid_client', 'The OAuth client was not found.'),
    code: 'client_unknown',
    hint: /--app-id/,
  },
  {
    who: 'Google, a deleted client',
    answer: oauth(401, 'deleted_client', 'The OAuth client was deleted.'),
    code: 'client_unknown',
  },
  {
    who: 'Google, another redirect URI',
    answer: oauth(400, 'redirect_uri_mismatch', 'Bad Request'),
    code: 'redirect_uri_not_registered',
    hint: /http:\/\/localhost:3000\/callback/,
    details: { redirect_uri: 'http://localhost:3000/callback' },
  },
  {
    who: 'Entra ID, no secret',
    answer: oauth(
      401,
      'invalid_client',
      "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.\r\nTrace ID: 1",
    ),
    code: 'client_secret_missing',
  },
  {
    who: 'Entra ID, a wrong secret',
    answer: oauth(
      401,
      'invalid_client',
      'AADSTS7000215: Invalid client secret provided. Ensure it is the value.',
    ),
    code: 'client_secret_invalid',
    secret: true,
  },
  {
    who: 'Entra ID, an expired secret',
    answer: oauth(
      401,
      'invalid_client',
      "AADSTS7000222: The provided client secret keys for app '1' are expired. Visit the Azure portal.",
    ),
    code: 'client_secret_invalid',
    secret: true,
  },
  {
    who: 'one that speaks of the secret beside what has expired',
    answer: oauth(
      400,
      'invalid_grant',
      'The authorization code has expired. The client secret is not the reason.',
    ),
    code: 'code_rejected',
    hint: /too late/,
    secret: true,
  },
  {
    who: 'Entra ID, a secret of a public client',
    answer: oauth(
      401,
      'invalid_client',
      "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ),
    code: 'client_secret_unexpected',
    secret: true,
  },
  {
    who: 'Entra ID, no such application',
    answer: oauth(
      400,
      'unauthorized_client',
      "AADSTS700016: Application with identifier 'app' was not found in the directory 'Contoso'.",
    ),
    code: 'client_unknown',
  },
  {
    who: 'Entra ID, a single page application',
    answer: oauth(
      400,
      'invalid_request',
      "AADSTS9002327: Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
    ),
    code: 'grant_type_not_allowed',
    hint: /native/,
  },
  {
    who: 'Entra ID, another redirect URI',
    answer: oauth(
      400,
      'invalid_grant',
      "AADSTS500112: The reply address 'http://localhost:3000/callback' does not match the reply address 'x' provided when requesting Authorization code.",
    ),
    code: 'code_rejected',
    hint: /redirect URI/,
    details: { possible: ['redirect_uri_differs'] },
  },
  {
    who: 'Entra ID, a code that was used',
    answer: oauth(
      400,
      'invalid_grant',
      'AADSTS54005: OAuth2 Authorization code was already redeemed, please retry with a new valid code.',
    ),
    code: 'code_rejected',
    details: { possible: ['code_used_before'] },
  },
  {
    who: 'Okta, an API error',
    answer: json(400, {
      errorCode: 'E0000021',
      errorSummary: 'Bad request. Accept is wrong.',
      errorCauses: [],
    }),
    code: 'token_response_invalid',
    details: { words: 'Bad request. Accept is wrong.' },
  },
  {
    who: 'Okta, no such client',
    answer: json(401, {
      errorCode: 'invalid_client',
      errorSummary: "Invalid value for 'client_id' parameter.",
      errorLink: 'invalid_client',
      errorCauses: [],
    }),
    code: 'client_unknown',
  },
  {
    who: 'Okta, a policy',
    answer: oauth(
      400,
      'access_denied',
      'Policy evaluation failed for this request, please check the policy.',
    ),
    code: 'access_denied',
    hint: /policies/,
  },
  {
    who: 'Okta, a verifier',
    answer: oauth(400, 'invalid_grant', 'PKCE verification failed.'),
    code: 'code_rejected',
    hint: /verifier/,
  },
  {
    who: 'Okta, which leaves it open',
    answer: oauth(400, 'invalid_grant', 'The authorization code is invalid or has expired.'),
    code: 'code_rejected',
    hint: /Not to blame/,
  },
  {
    who: 'Keycloak, another redirect URI',
    answer: oauth(400, 'invalid_grant', 'Incorrect redirect_uri'),
    code: 'code_rejected',
    hint: /redirect URI differs/,
  },
  {
    who: 'Keycloak, no secret',
    answer: oauth(401, 'unauthorized_client', 'Client secret not provided in request'),
    code: 'client_secret_missing',
  },
  {
    who: 'Keycloak, which leaves it open',
    answer: oauth(401, 'unauthorized_client', 'Invalid client or Invalid client credentials'),
    code: 'client_rejected',
    secret: true,
  },
  {
    who: 'Keycloak, a user who is no more',
    answer: oauth(400, 'invalid_grant', 'Account disabled'),
    code: 'code_rejected',
    hint: /user/,
    details: { possible: ['user_suspended'] },
  },
  {
    who: 'Hydra, in the words of the RFC alone',
    answer: oauth(400, 'invalid_grant', generic),
    code: 'code_rejected',
    hint: /Not to blame/,
  },
  {
    who: 'Hydra, with its reason behind them',
    answer: oauth(400, 'invalid_grant', `${generic} The authorization code has already been used.`),
    code: 'code_rejected',
    hint: /used the code before/,
  },
  {
    who: 'GitLab, which leaves it open',
    answer: oauth(
      401,
      'invalid_client',
      'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
    ),
    code: 'client_rejected',
  },
  {
    who: 'OpenIddict, a verifier',
    answer: oauth(400, 'invalid_grant', "The specified 'code_verifier' is invalid."),
    code: 'code_rejected',
    hint: /verifier/,
  },
  {
    who: 'OpenIddict, another client',
    answer: oauth(
      400,
      'invalid_grant',
      'The specified authorization code cannot be used by this client application.',
    ),
    code: 'code_rejected',
    hint: /--app-id/,
    details: { possible: ['client_differs'] },
  },
  {
    who: 'django-oauth-toolkit, another redirect URI',
    answer: oauth(400, 'invalid_request', 'Mismatching redirect URI.'),
    code: 'token_request_rejected',
    hint: /redirect URI differs/,
  },
  {
    who: 'GitHub, a code, with 200',
    answer: oauth(200, 'bad_verification_code', 'The code passed is incorrect or expired.'),
    code: 'code_rejected',
    details: { error: 'bad_verification_code', status: 200 },
  },
  {
    who: 'GitHub, a secret, with 200',
    answer: oauth(
      200,
      'incorrect_client_credentials',
      'The client_id and/or client_secret passed are incorrect.',
    ),
    code: 'client_rejected',
    secret: true,
  },
  {
    who: 'node-oidc-provider, a secret with signs that none may have',
    answer: oauth(
      400,
      'invalid_request',
      'client_id and client_secret in the authorization header are not properly encoded',
    ),
    code: 'client_secret_invalid',
    hint: /LOGTO_APP_SECRET/,
    secret: true,
  },
  {
    who: 'a gateway that sends a stranger to its own page',
    answer: { status: 302, body: '', headers: { Location: '/login' } },
    code: 'provider_error',
    hint: /^Something at that address sends/,
  },
  {
    who: 'a gateway that sends everybody to another address',
    answer: { status: 308, body: '', headers: { Location: 'https://op.example/token' } },
    code: 'provider_error',
    hint: /--issuer/,
  },
  {
    who: 'Slack, a code, with 200',
    answer: json(200, { ok: false, error: 'invalid_code' }),
    code: 'code_rejected',
  },
  {
    who: 'Slack, a secret, with 200',
    answer: json(200, { ok: false, error: 'bad_client_secret' }),
    code: 'client_secret_invalid',
    secret: true,
  },
  {
    who: 'Twitch, a secret',
    answer: json(403, { status: 403, message: 'invalid client secret' }),
    code: 'token_response_invalid',
    details: { words: 'invalid client secret' },
  },
  {
    who: 'Facebook, an object',
    answer: json(400, {
      error: { message: 'This authorization code has been used.', type: 'OAuthException', code: 100 },
    }),
    code: 'token_response_invalid',
    details: { words: 'This authorization code has been used.' },
  },
  {
    who: 'an API with an object that names the error',
    answer: json(400, { error: { code: 'invalid_grant', message: 'Unknown code' } }),
    code: 'code_rejected',
    details: { error_description: 'Unknown code' },
  },
  {
    who: 'a problem document (RFC 9457)',
    answer: json(403, {
      type: 'about:blank',
      title: 'Forbidden',
      detail: 'The origin is blocked.',
      status: 403,
    }),
    code: 'token_response_invalid',
    details: { words: 'The origin is blocked.' },
  },
  {
    who: 'a firewall, with a page',
    answer: {
      status: 403,
      body: '<!DOCTYPE html><html><head><title>Attention &amp; Required | Firewall</title></head><body>x</body>',
    },
    code: 'token_response_invalid',
    details: { words: 'Attention & Required | Firewall' },
  },
  {
    who: 'a portal, with a page and 200',
    answer: { status: 200, body: '<html><title>Wi-Fi of the hotel</title>' },
    code: 'token_response_invalid',
  },
  {
    who: 'a gateway, in plain text',
    answer: { status: 405, body: 'Method not allowed here.' },
    code: 'token_response_invalid',
    details: { words: 'Method not allowed here.' },
  },
  {
    who: 'a challenge in the header alone',
    answer: {
      status: 401,
      body: '',
      headers: {
        'WWW-Authenticate': 'Basic realm="x", error="invalid_client", error_description="No such thing"',
      },
    },
    code: 'client_rejected',
    details: { error: 'invalid_client', error_description: 'No such thing' },
  },
];

describe('the token endpoint of', () => {
  it.each(sayings)('$who is understood, and its words are kept ($code)', async (said) => {
    const { answer, code, hint = /./, details = {}, secret } = said;
    lying = await startLyingProvider({ answers: { token: answer } });
    const error = await signIn(lying, secret ? { clientSecret } : {}).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(hint), details });
    expect((error as Error).message).toContain(wordsOf(answer));
    expect((error as { hint: string }).hint).not.toMatch(/Logto\b|Console/);
  });
});

/** A piece of what the provider said that a person must read. */
function wordsOf({ body, headers = {} }: Answer): string {
  if (typeof body === 'string') {
    const title = /<title>([^<]*)/.exec(body)?.[1]?.replace('&amp;', '&');
    return (
      title ??
      (body === '' ? (/description="([^"]*)/.exec(String(Object.values(headers)[0]))?.[1] ?? '') : body)
    );
  }
  const fields = body as Record<string, unknown>;
  const nested = (fields['error'] as { message?: string } | undefined)?.message;
  const words =
    fields['error_description'] ?? fields['errorSummary'] ?? nested ?? fields['detail'] ?? fields['message'];
  return String(words ?? fields['error']).split(/\r/)[0] ?? '';
}

it('a refresh token of another client is told, and what to check', async () => {
  lying = await startLyingProvider();
  const { refresh } = await startSession(lying);
  const words = "Invalid refresh token. Token client and authorized client don't match";
  lying.lies = { answers: { token: oauth(400, 'invalid_grant', words) } };
  await expect(refresh()).rejects.toMatchObject({
    code: 'session_expired',
    hint: expect.stringContaining('--app-id'),
  });
});

it('a secret that is repeated in an unusual field, a title or a header is blacked out', async () => {
  for (const answer of [
    json(400, { errorSummary: `Bad ${clientSecret}` }),
    json(400, { error: { message: `Bad ${clientSecret}` } }),
    { status: 403, body: `<title>No ${clientSecret}</title>` },
    { status: 403, body: `No ${clientSecret}` },
    {
      status: 401,
      body: '',
      headers: { 'WWW-Authenticate': `Basic error="x", error_description="${clientSecret}"` },
    },
  ]) {
    lying = await startLyingProvider({ answers: { token: answer } });
    // signIn looks through whatever is thrown.
    const error = await signIn(lying, { clientSecret }).catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('***');
    await lying.close();
  }
});

describe('a secret that words are cut off in the middle of is blacked out', () => {
  it.each([
    ['a title', { status: 403, body: `<title>${'x'.repeat(290)} ${clientSecret}</title>` }],
    ['a field', json(403, { message: `${'x'.repeat(490)} ${clientSecret}` })],
    ['plain text', { status: 403, body: `${'x'.repeat(490)} ${clientSecret}` }],
    ['a page with 200', { status: 200, body: `<title>${'x'.repeat(290)} ${clientSecret}</title>` }],
  ])('in %s of the token endpoint', async (_, answer) => {
    lying = await startLyingProvider({ answers: { token: answer } });
    const error = await signIn(lying, { clientSecret }).catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('xxx');
    expect((error as Error).message).not.toContain(clientSecret.slice(0, 5));
  });

  it('in an answer of UserInfo that is no refusal of the token', async () => {
    lying = await startLyingProvider({
      answers: { userinfo: json(404, { message: `${'x'.repeat(290)} access-token-1` }) },
    });
    const provider = await connect(lying);
    const error = await provider.userInfo('access-token-1', 'alice').catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('xxx');
    expect((error as Error).message).not.toContain('access-t');
  });
});

it.each([
  [
    'a challenge',
    { headers: { 'WWW-Authenticate': 'Bearer error="invalid_token", error_description="Too old"' } },
  ],
  ['its JSON', { body: { error: 'invalid_token', error_description: 'Too old' } }],
])('UserInfo that refuses the token with %s is quoted', async (_, answer) => {
  lying = await startLyingProvider();
  lying.lies = { answers: { userinfo: { status: 401, ...answer } } };
  const provider = await connect(lying);
  await expect(guarded(provider.userInfo('access-token-1', 'alice'), [])).rejects.toMatchObject({
    code: 'token_rejected',
    message: expect.stringMatching(/401, invalid_token: Too old/),
  });
});

it('a token response without a token type is told that, and with another one which', async () => {
  for (const [token_type, words] of [
    [undefined, 'missing'],
    [null, 'missing'],
    ['', 'missing'],
    ['DPoP', 'other than Bearer: DPoP'],
  ]) {
    lying = await startLyingProvider({ tokenResponse: (body) => ({ ...body, token_type }) });
    await expect(signIn(lying)).rejects.toMatchObject({
      code: 'token_response_invalid',
      message: expect.stringContaining(String(words)),
    });
    await lying.close();
  }
});

describe('an error that is megabytes long is read in no time', () => {
  it.each([
    '<title '.repeat(150_000),
    '<'.repeat(1_000_000),
    `<title>${'&amp;'.repeat(200_000)}`,
    `{"error_description":"${'client secret is '.repeat(50_000)}","error":"invalid_client"}`,
    `{"error":"invalid_grant","error_description":"${'. redirect_uri ; '.repeat(50_000)}"}`,
    `{"error":"invalid_scope","error_description":"${"'".repeat(900_000)}"}`,
    `{"error":"invalid_scope","error_description":"${'scope: '.repeat(100_000)}"}`,
  ])('%#', async (body) => {
    lying = await startLyingProvider({ answers: { token: { status: 400, body } } });
    await expect(signIn(lying)).rejects.toMatchObject({ name: 'LogtoError' });
  });
});
