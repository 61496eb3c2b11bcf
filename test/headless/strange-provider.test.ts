import { describe, expect, it } from 'vitest';
import { type ExperienceSignIn, signInThroughExperience } from '../../src/headless/experience-sign-in.js';
import type { Fetch, FetchInit } from '../../src/network/fetch.js';
import { failureOf } from '../support/failure-of.js';

const origin = 'https://logto.example';
const callback = 'https://app.example/callback';
const user = { identifier: { type: 'username', value: 'alice' } as const, password: 'secret-password' };

type Answer = readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>];

/** What Logto answers, by method and path. */
const logto: Readonly<Record<string, Answer>> = {
  'GET /oidc/auth': [303, null, { location: '/sign-in?app_id=app', 'set-cookie': '_interaction=x; path=/' }],
  'PUT /api/experience': [204],
  'POST /api/experience/verification/password': [200, { verificationId: 'v' }],
  'POST /api/experience/identification': [204],
  'POST /api/experience/submit': [200, { redirectTo: `${origin}/oidc/auth/1` }],
  'GET /oidc/auth/1': [303, null, { location: '/consent?app_id=app' }],
  'GET /consent': [302, null, { location: '/oidc/auth/2' }],
  'GET /oidc/auth/2': [303, null, { location: `${callback}?code=c&state=s` }],
  'POST /api/interaction/consent': [200, { redirectTo: `${origin}/oidc/auth/2` }],
};

/** A provider that differs from Logto in these answers. */
function stranger(differences: Readonly<Record<string, Answer>>, options: Partial<ExperienceSignIn> = {}) {
  const asked: string[] = [];
  const fetch: Fetch = async (address, init: FetchInit = {}) => {
    const url = new URL(address);
    const step = `${init.method} ${url.pathname}`;
    asked.push(url.origin === origin ? step : address);
    const [status, body, headers] = differences[step] ?? logto[step] ?? [404];
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
    return new Response(status === 204 ? null : text, { status, ...(headers && { headers }) });
  };
  const journey = {
    authorizationUrl: `${origin}/oidc/auth?client_id=app&state=secret-state`,
    redirectUri: callback,
    origins: [origin],
    namedBy: 'endpoint' as const,
    user,
    fetch,
    now: Date.now,
    ...options,
  };
  return { asked, signIn: () => signInThroughExperience(journey) };
}

describe('a provider that answers differently', () => {
  it('is none when it answers as Logto does', async () => {
    const { asked, signIn } = stranger({});
    expect(await signIn()).toBe(`${callback}?code=c&state=s`);
    expect(asked).toHaveLength(8);
    expect(asked).not.toContain(callback);
  });

  it.each<[string, Readonly<Record<string, Answer>>, number]>([
    ['answers the request with a page', { 'GET /oidc/auth': [200, '<html>'] }, 1],
    ['begins no interaction', { 'GET /oidc/auth': [303, null, { location: '/login' }] }, 1],
    ['leads elsewhere at once', { 'GET /oidc/auth': [303, null, { location: 'https://evil.example/' }] }, 1],
    ['leads nowhere', { 'GET /oidc/auth': [303] }, 1],
    ['has another API there', { 'PUT /api/experience': [200, '<html>'] }, 2],
    ['does not know the API', { 'PUT /api/experience': [404, { message: 'Not Found' }] }, 2],
    ['redirects the API', { 'PUT /api/experience': [302, null, { location: 'https://evil.example/' }] }, 2],
    ['gives no verification', { 'POST /api/experience/verification/password': [200, {}] }, 3],
    ['answers with a number', { 'POST /api/experience/verification/password': [200, 7] }, 3],
    ['ends nowhere', { 'POST /api/experience/submit': [200, {}] }, 5],
    ['ends elsewhere', { 'POST /api/experience/submit': [200, { redirectTo: 'https://evil.example/' }] }, 5],
    ['ends with a script', { 'POST /api/experience/submit': [200, { redirectTo: 'javascript:1' }] }, 5],
    ['asks again', { 'GET /oidc/auth/1': [303, null, { location: '/sign-in?app_id=app' }] }, 6],
    [
      'leads elsewhere',
      { 'GET /oidc/auth/1': [303, null, { location: 'https://evil.example/callback?code=1' }] },
      6,
    ],
    [
      'goes on elsewhere',
      { 'GET /oidc/auth/1': [303, null, { location: 'https://evil.example/oidc/auth/1' }] },
      6,
    ],
    [
      'has its consent elsewhere',
      { 'GET /oidc/auth/1': [303, null, { location: '//evil.example/consent' }] },
      6,
    ],
    ['consents elsewhere', { 'GET /consent': [302, null, { location: 'https://evil.example/' }] }, 7],
    ['fails at the consent', { 'GET /consent': [404, ''] }, 7],
    ['consents strangely', { 'GET /consent': [200, ''], 'POST /api/interaction/consent': [200, {}] }, 8],
    [
      'sends a code to another path',
      { 'GET /oidc/auth/2': [303, null, { location: `${callback}/x?code=1` }] },
      8,
    ],
    ['sends no code', { 'GET /oidc/auth/2': [303, null, { location: callback }] }, 8],
  ])('is told apart: it %s', async (_case, differences, requests) => {
    const { asked, signIn } = stranger(differences);
    const failure = await failureOf(signIn());
    expect(failure.code).toBe('headless_unsupported');
    expect(asked).toHaveLength(requests);
    expect(asked.every((step) => !step.startsWith('https:'))).toBe(true);
    expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toMatch(/secret-/);
  });

  it('is told that it came back, where it did without a code', async () => {
    const { signIn } = stranger({ 'GET /oidc/auth/2': [303, null, { location: `${callback}?state=s` }] });
    expect((await failureOf(signIn())).message).toContain('it comes back with neither a code nor an error');
  });

  it('is not followed in circles', async () => {
    const { asked, signIn } = stranger({ 'GET /oidc/auth/2': [303, null, { location: '/oidc/auth/2' }] });
    expect((await failureOf(signIn())).code).toBe('headless_unsupported');
    expect(asked.length).toBeLessThan(20);
  });

  it('may ask for the consent of an application of somebody else', async () => {
    const { asked, signIn } = stranger({ 'GET /consent': [200, '<html>'] });
    expect(await signIn()).toContain('code=c');
    expect(asked).toHaveLength(9);
  });

  it.each([
    ['user.suggest_mfa', undefined, 'mfa-skipped'],
    ['user.passkey_preferred', undefined, 'passkey-skipped'],
    ['session.mfa.suggest_additional_mfa', { skippable: true }, 'mfa-suggestion-skipped'],
    ['user.missing_mfa', { skippable: true }, 'mfa-skipped'],
  ])('may suggest %s, which is skipped once', async (code, data, path) => {
    const { asked, signIn } = stranger({
      'POST /api/experience/submit': [422, { code, data }],
      [`POST /api/experience/profile/mfa/${path}`]: [204],
    });
    expect((await failureOf(signIn())).details).toMatchObject({ error: code });
    expect(asked.filter((step) => step.endsWith(path))).toHaveLength(1);
    expect(asked.filter((step) => step.endsWith('/submit'))).toHaveLength(2);
  });

  it('may let nobody but some into an application, and names the rules of that', async () => {
    const denied = [400, { code: 'oidc.access_denied', message: 'Access denied.' }] as const;
    const { signIn } = stranger({ 'GET /consent': [200, '<html>'], 'POST /api/interaction/consent': denied });
    expect(await failureOf(signIn())).toMatchObject({
      code: 'access_denied',
      hint: expect.stringContaining("Logto's Console (Applications > your application > Rules)"),
      details: { error: 'oidc.access_denied' },
    });
  });

  it('may want profile fields, and names the page that lists them', async () => {
    const answer = [
      422,
      { code: 'user.missing_profile', data: { missingProfile: ['extraProfile'] } },
    ] as const;
    expect(await failureOf(stranger({ 'POST /api/experience/submit': answer }).signIn())).toMatchObject({
      code: 'authorization_error',
      hint: expect.stringContaining("Logto's Console (Sign-in & account > Collect user profile)"),
      details: { missingProfile: ['extraProfile'] },
    });
  });

  it('may refuse for reasons of its own, which are named but not repeated', async () => {
    const words = 'secret-password secret-state';
    const { signIn } = stranger({
      'POST /api/experience/identification': [422, { code: 'user.new_rule', message: words, details: words }],
    });
    const failure = await failureOf(signIn());
    expect(failure).toMatchObject({
      code: 'authorization_error',
      details: { error: 'user.new_rule', step: 'POST /api/experience/identification', status: 422 },
    });
    expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toMatch(/secret-/);
  });

  it('may be down, or asked too often', async () => {
    for (const [answer, details] of [
      [[503], { status: 503 }],
      [[429, '', { 'retry-after': '7' }], { status: 429, retryAfter: 7 }],
    ] as const) {
      const { signIn } = stranger({ 'POST /api/experience/submit': answer });
      expect(await failureOf(signIn())).toMatchObject({ code: 'provider_error', details });
    }
  });

  it('may repeat parts of the password in its rules, which are left out', async () => {
    const data = [
      { code: 'password_rejected.restricted.words', interpolation: { words: 'secret-password', count: 1 } },
      { code: 'secret-password' },
      'secret-password',
    ];
    const { signIn } = stranger({
      'POST /api/experience/verification/password': [422, { code: 'password.rejected', data }],
    });
    const failure = await failureOf(signIn());
    expect(failure.details).toMatchObject({ brokenRules: ['restricted.words (count 1)'] });
    expect(JSON.stringify([failure.message, failure.details])).not.toMatch(/secret-/);
  });
});

describe('a sign-in that the discovery document has at another origin than the provider that is set', () => {
  const elsewhere = 'https://evil.example';
  const at = (address: string, options: Partial<ExperienceSignIn> = {}) =>
    stranger(
      { 'GET /oidc/auth': [303, null, { location: '/sign-in', 'set-cookie': '_interaction=x; path=/' }] },
      { authorizationUrl: `${address}/oidc/auth?client_id=app&state=secret-state`, ...options },
    );

  it.each([
    ['another host', elsewhere],
    ['another port', `${origin}:444`],
    ['a host that begins alike', `${origin}.evil.example`],
    ['the same host without TLS', 'http://logto.example'],
  ])('is asked for nothing: %s', async (_, address) => {
    const { asked, signIn } = at(address);
    const failure = await failureOf(signIn());
    expect(failure).toMatchObject({ code: 'config_invalid', details: { origin: address } });
    expect(failure.message).toContain(origin);
    expect(failure.hint).toContain(`--allow-origin ${address}`);
    expect(asked).toEqual([]);
  });

  it('is taken where its origin is allowed, and nothing else is', async () => {
    const { asked, signIn } = at(elsewhere, { origins: [origin, elsewhere] });
    expect(await signIn().catch((error: Error) => error.message)).toContain(
      'it leads to https://logto.example',
    );
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.every((step) => step.startsWith(elsewhere))).toBe(true);
  });

  it('is told without a word of Logto to who set an issuer', async () => {
    const { signIn } = at(elsewhere, { namedBy: 'issuer' });
    const { message, hint } = await failureOf(signIn());
    expect(`${message} ${hint}`).not.toMatch(/Logto|tenant|--endpoint/);
  });
});

describe('who set the provider by its issuer', () => {
  const refusals: readonly [string, Answer][] = [
    ['POST /api/experience/verification/password', [404]],
    ['PUT /api/experience', [500, '<html>']],
    ...[
      'session.invalid_credentials',
      'user.suspended',
      'session.captcha_required',
      'session.sso_enabled',
      'user.sign_in_method_not_enabled',
      'guard.invalid_input',
      'auth.forbidden',
      'password.expired',
      'something.new',
    ].map((code): [string, Answer] => ['POST /api/experience/verification/password', [422, { code }]]),
    ...[
      ['session.mfa.require_mfa_verification', { availableFactors: ['WebAuthn'] }],
      ['user.missing_mfa', { availableFactors: ['Totp'] }],
      ['user.missing_profile', { missingProfile: ['extraProfile'] }],
      ['user.missing_profile', { missingProfile: ['email'] }],
      ['oidc.access_denied', undefined],
    ].map(([code, data]): [string, Answer] => ['POST /api/experience/submit', [422, { code, data }]]),
  ];

  it.each(refusals)('reads of no Logto: %s answers %j', async (step, answer) => {
    const { signIn } = stranger({ [step]: answer }, { namedBy: 'issuer' });
    const { message, hint } = await failureOf(signIn());
    expect(hint).not.toBe('');
    expect(`${message} ${hint}`.replaceAll(/logto-cli|LOGTO_\w+/g, '')).not.toMatch(/Logto|Console/);
  });
});

describe('a secret that stands in quotes', () => {
  const refused = (code: string): Readonly<Record<string, Answer>> => ({
    'POST /api/experience/verification/password': [422, { code }],
  });

  it.each(['"sesame"', "'sesame'", '`sesame`', '“sesame”'])(
    'is named as such where it is refused: %s',
    async (password) => {
      const { signIn } = stranger(refused('session.invalid_credentials'), { user: { ...user, password } });
      const { hint, message } = await failureOf(signIn());
      expect(hint).toContain('begins and ends with a quotation mark');
      expect(`${hint}${message}`).not.toContain('sesame');
    },
  );

  it.each([
    ['it has none', 'session.invalid_credentials', 'sesame'],
    ['it begins with one only', 'session.invalid_credentials', '"sesame'],
    ['it is one', 'session.invalid_credentials', '"'],
    ['something else is refused', 'user.suspended', '"sesame"'],
  ])('is not named where %s', async (_, code, password) => {
    const { signIn } = stranger(refused(code), { user: { ...user, password } });
    expect((await failureOf(signIn())).hint).not.toContain('quotation');
  });
});
