import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed, type EmulatorSeed } from '../../src/emulator/seed.js';
import type { LogtoError } from '../../src/errors.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { signInThroughExperience } from '../../src/headless/experience-sign-in.js';
import type { ExperienceUser } from '../../src/headless/experience-user.js';
import type { Fetch } from '../../src/network/fetch.js';
import { experienceSeed, password, totpSecret } from '../emulator/experience-browser.js';
import { authorizationUrl, callback, type Parameters, rawFetch } from '../emulator/raw-client.js';
import { failureOf } from '../support/failure-of.js';
import { startPlainProvider } from '../support/plain-provider.js';

let emulator: Emulator;
const requests: string[] = [];
beforeAll(async () => {
  emulator = await startEmulator({
    seed: experienceSeed,
    onRequest: ({ method, path, status }) => requests.push(`${method} ${path} ${status}`),
  });
});
afterAll(() => emulator.close());

const named = (value: string, type: ExperienceUser['identifier']['type'] = 'username') => ({ type, value });
const alice: ExperienceUser = { identifier: named('alice'), password };
const fresh = () => `user_${Math.random().toString(36).slice(2)}`;

interface Journey {
  readonly at?: Pick<Emulator, 'issuer'>;
  readonly appId?: string;
  readonly overrides?: Parameters;
  readonly fetch?: Fetch;
  readonly cookies?: CookieJar;
  readonly now?: () => number;
}

function signIn(user: ExperienceUser, journey: Journey = {}): Promise<string> {
  const {
    at = emulator,
    appId = 'emulator-native',
    overrides = {},
    fetch = rawFetch,
    now = Date.now,
  } = journey;
  return signInThroughExperience({
    authorizationUrl: authorizationUrl(at.issuer, appId, overrides),
    redirectUri: callback,
    origins: [new URL(at.issuer).origin],
    namedBy: 'endpoint',
    user,
    fetch,
    now,
    ...(journey.cookies && { cookies: journey.cookies }),
  });
}

async function withSeed(
  seed: Partial<EmulatorSeed>,
  work: (other: Emulator) => Promise<void>,
): Promise<void> {
  const other = await startEmulator({ seed: { ...experienceSeed, ...seed } });
  await work(other).finally(other.close);
}

/** Everything that an error tells. */
function told(error: LogtoError): string {
  return JSON.stringify([error.message, error.hint, error.details, error.stack, String(error)]);
}

describe('signInThroughExperience', () => {
  it('comes back with a code, after no request that Logto’s own pages do not need', async () => {
    requests.length = 0;
    const response = new URL(await signIn(alice));
    expect(`${response.origin}${response.pathname}`).toBe(callback);
    expect(Object.fromEntries(response.searchParams)).toEqual({
      code: expect.any(String),
      state: 'some-state',
      iss: emulator.issuer,
    });
    expect(requests.map((request) => request.replace(/auth\/\S+/, 'auth/<uid>'))).toEqual([
      'GET /oidc/auth 303',
      'PUT /api/experience 204',
      'POST /api/experience/verification/password 200',
      'POST /api/experience/identification 204',
      'POST /api/experience/submit 200',
      'GET /oidc/auth/<uid> 303',
      'GET /consent 302',
      'GET /oidc/auth/<uid> 303',
    ]);
  });

  it('asks for nothing outside the provider, and gives cookies back byte for byte', async () => {
    const asked: string[] = [];
    const sent: string[] = [];
    const fetch: Fetch = (url, init) => {
      asked.push(new URL(url).origin);
      sent.push(init?.headers?.['cookie'] ?? '');
      return rawFetch(url, init);
    };
    await signIn(alice, { fetch });
    expect(new Set(asked)).toEqual(new Set([new URL(emulator.issuer).origin]));
    expect(sent[0]).toBe('');
    expect(sent[1]).toMatch(/_interaction=%7B%22emulator-native%22/);
    expect(sent[1]).toContain('_logto={"appId":"emulator-native"}; _logto.sig=');
    const isResume = sent.map((cookies) => cookies.includes('_interaction_resume='));
    expect(isResume).toEqual([false, false, false, false, false, true, false, true]);
  });

  it('goes straight through a live session', async () => {
    const cookies = new CookieJar();
    await signIn(alice, { cookies, appId: 'emulator-spa' });
    requests.length = 0;
    const overrides = { prompt: undefined, scope: 'openid' };
    expect(await signIn(alice, { cookies, appId: 'emulator-spa', overrides })).toContain('code=');
    expect(requests).toEqual(['GET /oidc/auth 303']);
  });

  it('hands an error response on, and an error at the consent', async () => {
    const response = await signIn(alice, { overrides: { prompt: 'none' } });
    expect(new URL(response).searchParams.get('error')).toBe('login_required');
    const denied = new URL(await signIn(alice, { overrides: { scope: undefined, nonce: undefined } }));
    expect(denied.searchParams.get('error')).toBe('access_denied');
  });

  it('consents for an application of somebody else, in one more request', async () => {
    const [native] = defaultSeed().applications;
    if (!native) throw new Error('the default seed has applications');
    const applications = [{ ...native, appId: 'third', thirdParty: true }];
    await withSeed({ applications }, async (at) => {
      expect(await signIn(alice, { at, appId: 'third' })).toContain('code=');
    });
  });

  it.each(['email', 'phone'] as const)('signs in with %s', async (type) => {
    await withSeed({ signInExperience: { signInMethods: [type] } }, async (at) => {
      const value = type === 'email' ? 'alice@example.test' : '15550100';
      expect(await signIn({ ...alice, identifier: named(value, type) }, { at })).toContain('code=');
      const error = await failureOf(signIn(alice, { at }));
      expect(error).toMatchObject({
        code: 'sign_in_method_disabled',
        details: { error: 'user.sign_in_method_not_enabled' },
      });
      expect(error.hint).toContain('--email, --phone');
    });
  });

  it('registers a user, who can sign in then', async () => {
    const user = { identifier: named(fresh()), password: 'long enough' };
    expect(await signIn({ ...user, signUp: true })).toContain('code=');
    expect(await signIn(user)).toContain('code=');
  });
});

describe('second factors', () => {
  const user = (name: string, more: Partial<ExperienceUser> = {}): ExperienceUser => ({
    identifier: named(name),
    password,
    ...more,
  });

  it('are given when they are asked for: a code of the authenticator, the next one where that is refused', async () => {
    await withSeed({}, async (at) => {
      requests.length = 0;
      expect(await signIn(user('totp', { totpSecret }), { at })).toContain('code=');
      // Nobody waits: the code of this time step is used up, so this one takes that of the next.
      expect(await signIn(user('totp', { totpSecret }), { at })).toContain('code=');
    });
  });

  it('fit a provider whose clock is in the next time step already', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await withSeed({}, async (at) => {
        const behind = () => Date.now() - 2 * 30_000;
        expect(await signIn(user('totp', { totpSecret }), { at, now: behind })).toContain('code=');
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('are not tried more than twice', async () => {
    requests.length = 0;
    const wrong = 'MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U';
    const error = await failureOf(signIn(user('totp', { totpSecret: wrong })));
    expect(error).toMatchObject({
      code: 'credentials_rejected',
      details: { error: 'session.mfa.invalid_totp_code', factor: 'Totp' },
    });
    expect(told(error)).not.toContain(wrong);
    expect(requests.filter((request) => request.includes('totp'))).toHaveLength(2);
  });

  it('are backup codes too, where no authenticator serves', async () => {
    await withSeed({}, async (at) => {
      expect(await signIn(user('both', { backupCode: 'aaaa' }), { at })).toContain('code=');
      expect(await signIn(user('backup', { backupCode: 'cccc', totpSecret }), { at })).toContain('code=');
      expect(await failureOf(signIn(user('both', { backupCode: 'aaaa' }), { at }))).toMatchObject({
        code: 'credentials_rejected',
        details: { error: 'session.mfa.invalid_backup_code', factor: 'BackupCode' },
      });
    });
  });

  it('that nobody gave are asked for by name', async () => {
    const error = await failureOf(signIn(user('both')));
    expect(error).toMatchObject({
      code: 'mfa_required',
      details: { availableFactors: ['Totp', 'BackupCode'] },
    });
    expect(error.hint).toMatch(/LOGTO_CLI_TOTP_SECRET .*LOGTO_CLI_BACKUP_CODE/);
    expect(await failureOf(signIn(user('backup', { totpSecret })))).toMatchObject({
      code: 'mfa_required',
      details: { availableFactors: ['BackupCode'] },
    });
  });

  it('that are only suggested are skipped, others are not', async () => {
    const factors = ['Totp', 'BackupCode'] as const;
    await withSeed({ signInExperience: { mfa: { factors, policy: 'UserControlled' } } }, async (at) => {
      expect(await signIn(alice, { at })).toContain('code=');
      expect(await failureOf(signIn(user('totp', { totpSecret }), { at }))).toMatchObject({
        code: 'mfa_required',
        details: { error: 'session.mfa.backup_code_required' },
      });
    });
    await withSeed({ signInExperience: { mfa: { factors, policy: 'Mandatory' } } }, async (at) => {
      expect(await failureOf(signIn(alice, { at }))).toMatchObject({
        code: 'mfa_required',
        details: { error: 'user.missing_mfa', availableFactors: ['Totp'] },
      });
    });
  });
});

describe('one-time tokens', () => {
  const email = (value: string, oneTimeToken: string, signUp = false): ExperienceUser => ({
    identifier: named(value, 'email'),
    oneTimeToken,
    signUp,
  });

  it('sign in, and register where that is wanted', async () => {
    await withSeed({ signInExperience: { registration: 'email' } }, async (at) => {
      expect(await signIn(email('alice@example.test', 'token-of-alice'), { at })).toContain('code=');
      expect(await signIn(email('new@example.test', 'token-of-new', true), { at })).toContain('code=');
    });
  });

  it.each([
    ['made-up-token', 'one_time_token.token_not_found'],
    ['old-token-of-alice', 'one_time_token.token_expired'],
    ['token-of-new', 'one_time_token.email_mismatch'],
  ])('that are wrong are refused without being repeated: %s', async (token, error) => {
    const failure = await failureOf(signIn(email('alice@example.test', token)));
    expect(failure).toMatchObject({ code: 'credentials_rejected', details: { error } });
    expect(told(failure)).not.toContain(token);
  });

  it('of an unknown address point to the registration, which may want more', async () => {
    await withSeed({}, async (at) => {
      const failure = await failureOf(signIn(email('new@example.test', 'token-of-new'), { at }));
      expect(failure).toMatchObject({
        code: 'credentials_rejected',
        details: { error: 'user.user_not_exist' },
        hint: expect.stringContaining('--sign-up'),
      });
    });
    await withSeed({}, async (at) => {
      expect(await failureOf(signIn(email('new@example.test', 'token-of-new', true), { at }))).toMatchObject({
        code: 'authorization_error',
        details: { error: 'user.missing_profile', missingProfile: ['username', 'password'] },
      });
    });
    expect(await failureOf(signIn(email('alice@example.test', 'token-of-alice', true)))).toMatchObject({
      code: 'identifier_taken',
    });
  });
});

describe('a refusal', () => {
  it.each([
    [
      'a wrong password',
      { password: 'wrong-password' },
      'credentials_rejected',
      'session.invalid_credentials',
    ],
    [
      'an unknown user',
      { identifier: named('nobody') },
      'credentials_rejected',
      'session.invalid_credentials',
    ],
    ['a suspended user', { identifier: named('suspended') }, 'account_locked', 'user.suspended'],
    ['an expired password', { identifier: named('expired') }, 'password_expired', 'password.expired'],
    [
      'a wrong password in the place of an expired one',
      { identifier: named('expired'), password: 'wrong-password' },
      'credentials_rejected',
      'session.invalid_credentials',
    ],
    ['a taken username', { signUp: true }, 'identifier_taken', 'user.username_already_in_use'],
    [
      'a bad username',
      { signUp: true, identifier: named('no-hyphens') },
      'config_invalid',
      'guard.invalid_input',
    ],
  ] as const)('has its own code: %s', async (_case, more, code, error) => {
    const user = { ...alice, ...more };
    const failure = await failureOf(signIn(user));
    expect(failure).toMatchObject({ code, details: { error } });
    expect(failure.hint).not.toBe('');
    expect(told(failure)).not.toContain(user.password);
  });

  it('lists the rules that a password breaks', async () => {
    const passwordPolicy = { characterTypes: 2, rejectUserInfo: true };
    await withSeed({ signInExperience: { passwordPolicy } }, async (at) => {
      const user = { identifier: named('erin'), password: 'erin', signUp: true };
      expect(await failureOf(signIn(user, { at }))).toMatchObject({
        code: 'password_rejected',
        details: { brokenRules: ['too_short (min 8)', 'character_types (min 2)', 'restricted.user_info'] },
      });
    });
  });

  it('comes of too many attempts, of captchas and of registration that is turned off', async () => {
    const rules = { maxAttempts: 1, registration: 'off' } as const;
    await withSeed({ signInExperience: rules }, async (at) => {
      for (const secret of ['wrong', password]) {
        expect(await failureOf(signIn({ ...alice, password: secret }, { at }))).toMatchObject({
          code: 'account_locked',
          details: { reason: 'too_many_attempts' },
        });
      }
      const user = { identifier: named('erin'), password: 'long enough', signUp: true };
      expect(await failureOf(signIn(user, { at }))).toMatchObject({ code: 'registration_disabled' });
    });
    await withSeed({ signInExperience: { captcha: true } }, async (at) => {
      expect(await failureOf(signIn(alice, { at }))).toMatchObject({ code: 'captcha_required' });
    });
  });

  it.each([
    [{ client_id: 'nobody' }, 'client_unknown'],
    [{ redirect_uri: 'http://localhost:3000/other' }, 'redirect_uri_not_registered'],
  ])('of the request itself is told as with a browser: %o', async (overrides, code) => {
    expect(await failureOf(signIn(alice, { overrides }))).toMatchObject({ code });
  });
});

describe('a provider that is not Logto', () => {
  it('never sees a credential', async () => {
    const provider = await startPlainProvider();
    try {
      const sent: string[] = [];
      const fetch: Fetch = (url, init) => {
        sent.push(`${url} ${init?.body}`);
        return rawFetch(url, init);
      };
      const url = authorizationUrl(provider.issuer, provider.clients.public.clientId).replace(
        '/auth?',
        '/authorize?',
      );
      const failure = await failureOf(
        signInThroughExperience({
          authorizationUrl: url,
          redirectUri: callback,
          origins: [new URL(provider.issuer).origin],
          namedBy: 'endpoint',
          user: alice,
          fetch,
          now: Date.now,
        }),
      );
      expect(failure).toMatchObject({
        code: 'headless_unsupported',
        hint: expect.stringContaining('--no-browser --json-events'),
      });
      expect(sent.join()).not.toContain(password);
      expect(provider.requests).toEqual(['GET /authorize']);
    } finally {
      await provider.close();
    }
  });
});
