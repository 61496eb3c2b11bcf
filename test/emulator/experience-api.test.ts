import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed, type EmulatorSignInExperience } from '../../src/emulator/seed.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { timeStepOf, totpCode } from '../../src/headless/totp.js';
import { ExperienceBrowser, experienceSeed, password } from './experience-browser.js';
import { authorizationUrl, exchange, locationOf, open } from './raw-client.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ seed: experienceSeed });
});
afterAll(() => emulator.close());

const browser = () => new ExperienceBrowser(emulator);
const fresh = () => `user_${Math.random().toString(36).slice(2)}`;
const refused = (status: number, code: string) => ({ status, body: { code, message: expect.any(String) } });

/** An emulator with further rules, for the length of some work. */
async function withRules(
  signInExperience: EmulatorSignInExperience,
  work: (browser: () => ExperienceBrowser) => Promise<void>,
): Promise<void> {
  const other = await startEmulator({ seed: { ...experienceSeed, signInExperience } });
  await work(() => new ExperienceBrowser(other)).finally(other.close);
}

describe('signing in by the Experience API', () => {
  it('takes the steps, and gives the answers, of Logto', async () => {
    const alice = await browser().begin();
    expect(`${alice.page.pathname}${alice.page.search}`).toBe('/sign-in?app_id=emulator-native');
    expect(await alice.start()).toMatchObject({ status: 204, body: '' });
    const verified = await alice.password('alice');
    expect(verified).toMatchObject({ status: 200, body: { verificationId: expect.any(String) } });
    expect(await alice.identify(verified)).toMatchObject({ status: 204, body: '' });
    const { status, body } = await alice.submit();
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['redirectTo']);
    expect(body.redirectTo).toMatch(new RegExp(`^${emulator.issuer}/auth/[\\w-]+$`));

    const resumed = await open(body.redirectTo, alice.cookies);
    expect(resumed.status).toBe(303);
    expect(resumed.headers.get('location')).toBe('/consent?app_id=emulator-native');
    expect(resumed.headers.getSetCookie().join()).toContain('_session=');
    const consent = await open(locationOf(resumed).href, alice.cookies);
    expect(consent.status).toBe(302);
    const last = await open(locationOf(consent).href, alice.cookies);
    expect(last.status).toBe(303);
    const code = locationOf(last).searchParams.get('code') ?? '';
    expect((await exchange(emulator.issuer, 'emulator-native', code)).status).toBe(200);
  });

  it('does so for identifiers of every type that is enabled, and only at the identification for others', async () => {
    await withRules({ signInMethods: ['email', 'phone'] }, async (another) => {
      for (const [type, value] of [
        ['email', 'alice@example.test'],
        ['phone', '15550100'],
      ] as const) {
        const alice = await another().begin();
        await alice.start();
        expect((await alice.identify(await alice.password(value, type))).status).toBe(204);
      }
      const alice = await another().begin();
      await alice.start();
      const verified = await alice.password('alice');
      expect(verified.status).toBe(200);
      expect(await alice.identify(verified)).toMatchObject(refused(422, 'user.sign_in_method_not_enabled'));
    });
  });

  it.each([
    ['a wrong password', 'alice', 'wrong'],
    ['an unknown user', 'nobody', password],
    ['a username in the wrong case', 'Alice', password],
    ['no username', '', password],
  ])('refuses %s in the same words', async (_case, username, secret) => {
    const somebody = await browser().begin();
    await somebody.start();
    expect(await somebody.password(username, 'username', secret)).toMatchObject({
      status: 422,
      body: {
        code: 'session.invalid_credentials',
        message: 'Incorrect account or password. Please check your input.',
      },
    });
  });

  it('refuses a suspended user with the right password', async () => {
    const user = await browser().begin();
    await user.start();
    const verified = await user.password('suspended');
    expect(await user.identify(verified)).toMatchObject(refused(401, 'user.suspended'));
  });

  it('refuses steps out of order', async () => {
    const stranger = browser();
    expect(await stranger.start()).toMatchObject(refused(400, 'session.not_found'));
    await stranger.begin();
    expect(await stranger.password('alice')).toMatchObject(refused(404, 'session.interaction_not_found'));
    await stranger.start();
    expect(await stranger.submit()).toMatchObject(refused(404, 'session.identifier_not_found'));
    expect(await stranger.identify({ body: { verificationId: 'made-up' } })).toMatchObject(
      refused(404, 'session.verification_session_not_found'),
    );
    expect(await stranger.call('POST', '/experience/verification/totp/verify', { code: '1' })).toMatchObject(
      refused(404, 'session.identifier_not_found'),
    );
  });

  it('refuses an interaction that has ended', async () => {
    const alice = await browser().identified('alice');
    const { body } = await alice.submit();
    await alice.follow(body.redirectTo);
    expect(await alice.start()).toMatchObject(refused(400, 'session.not_found'));
    const again = await open(body.redirectTo, alice.cookies);
    expect([again.status, (await again.json()).code]).toEqual([400, 'session.not_found']);
  });

  it.each([
    ['/experience', 'PUT', {}],
    ['/experience', 'PUT', { interactionEvent: 'Nothing' }],
    ['/experience', 'PUT', 'null'],
    ['/experience/verification/password', 'POST', { password }],
    ['/experience/verification/password', 'POST', { identifier: { type: 'username' }, password }],
    ['/experience/verification/password', 'POST', { identifier: { type: 'x', value: 'x' }, password }],
    ['/experience/verification/password', 'POST', { identifier: { type: 'username', value: 'x' } }],
    ['/experience/identification', 'POST', {}],
    ['/experience/verification/totp/verify', 'POST', { code: 1 }],
  ])('refuses a malformed body at %s (%s %j)', async (path, method, content) => {
    const somebody = await browser().begin();
    await somebody.start();
    expect(await somebody.call(method, path, content)).toMatchObject({
      status: 400,
      body: { code: 'guard.invalid_input', data: { name: 'ZodError', issues: [expect.anything()] } },
    });
  });

  it('says no code of JSON that is broken, nor of a path that does not exist', async () => {
    const somebody = await browser().begin();
    for (const [answer, status] of [
      [await somebody.call('PUT', '/experience', '{'), 400],
      [await somebody.call('PUT', '/experience', `"${'x'.repeat(100_000)}"`), 400],
      [await somebody.call('GET', '/experience'), 404],
    ] as const) {
      expect(answer).toMatchObject({ status, body: { message: expect.any(String) } });
      expect(answer.body).not.toHaveProperty('code');
    }
  });

  it('begins anew with PUT', async () => {
    const alice = await browser().identified('alice');
    await alice.start();
    expect(await alice.submit()).toMatchObject(refused(404, 'session.identifier_not_found'));
  });

  it('does not change the user of an interaction', async () => {
    const alice = await browser().identified('alice');
    const verified = await alice.password('totp');
    expect(await alice.identify(verified)).toMatchObject(refused(409, 'session.identity_conflict'));
  });
});

describe('the cookies', () => {
  it('are those of Logto', async () => {
    const response = await open(authorizationUrl(emulator.issuer, 'emulator-native', { ui_locales: 'fr' }));
    const cookies = response.headers.getSetCookie();
    const [logto, , interaction, , resume] = cookies;
    expect(logto).toMatch(/^_logto={"appId":"emulator-native","uiLocales":"fr"}; path=\/; samesite=lax$/);
    const value = /^_interaction=([^;]*); path=\//.exec(interaction ?? '')?.[1] ?? '';
    expect(value).toMatch(/^%7B%22/);
    const uids = JSON.parse(decodeURIComponent(value));
    expect(uids).toEqual({ 'emulator-native': expect.any(String), _legacy: uids['emulator-native'] });
    expect(resume).toContain(`path=/oidc/auth/${uids._legacy};`);
  });

  it.each(['_interaction', '_interaction.sig'])('are of no use without %s', async (name) => {
    const response = await open(authorizationUrl(emulator.issuer, 'emulator-native'));
    const cookies = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0] ?? '')
      .filter((cookie) => !cookie.startsWith(`${name}=`));
    const answer = await open(`${emulator.endpoint}/api/experience`, new CookieJar(), {
      method: 'PUT',
      headers: { cookie: cookies.join('; '), 'content-type': 'application/json' },
      body: '{"interactionEvent":"SignIn"}',
    });
    expect([answer.status, (await answer.json()).code]).toEqual([400, 'session.not_found']);
  });

  it('keep the interactions of several applications apart', async () => {
    const shared = await browser().begin('emulator-native');
    await shared.begin('emulator-spa');
    const as = (appId: string) => ({ 'logto-app-id': appId });
    const event = { interactionEvent: 'SignIn' };
    expect((await shared.call('PUT', '/experience', event, as('emulator-native'))).status).toBe(204);
    // The latest one is the other one, and has not begun.
    expect(await shared.password('alice')).toMatchObject(refused(404, 'session.interaction_not_found'));
    const identifier = { type: 'username', value: 'alice' };
    const content = { identifier, password };
    const path = '/experience/verification/password';
    expect((await shared.call('POST', path, content, as('emulator-native'))).status).toBe(200);
    expect(await shared.call('PUT', '/experience', event, as('emulator-traditional'))).toMatchObject({
      status: 400,
      body: { error_description: 'interaction client_id mismatch' },
    });
  });

  it('of a session that is gone midway end the sign-in', async () => {
    const alice = await browser().identified('alice');
    const { body } = await alice.submit();
    const resumed = await open(body.redirectTo, alice.cookies);
    const consent = await open(locationOf(resumed).href, alice.cookies);
    const without = (alice.cookies.header(locationOf(consent).href) ?? '')
      .split('; ')
      .filter((cookie) => !cookie.startsWith('_session'))
      .join('; ');
    const end = await open(locationOf(consent).href, new CookieJar(), { headers: { cookie: without } });
    expect(await end.json()).toMatchObject({
      code: 'session.not_found',
      error_description: 'interaction session and authentication session mismatch',
    });
  });
});

describe('registering by the Experience API', () => {
  it('makes an account with a username and a password', async () => {
    const username = fresh();
    const somebody = await browser().begin();
    await somebody.start('Register');
    const verified = await somebody.newIdentity(username, 'long enough');
    expect(verified.status).toBe(200);
    expect(await somebody.identify(verified)).toMatchObject({ status: 201, body: 'Created' });
    const { body } = await somebody.submit();
    expect((await somebody.follow(body.redirectTo)).searchParams.has('code')).toBe(true);
    const later = await browser().begin();
    await later.start();
    expect((await later.password(username, 'username', 'long enough')).status).toBe(200);
  });

  it('refuses a username that is taken, before the password is looked at', async () => {
    const somebody = await browser().begin();
    await somebody.start('Register');
    expect(await somebody.newIdentity('alice', 'x')).toMatchObject(
      refused(422, 'user.username_already_in_use'),
    );
  });

  it('refuses a username that is taken meanwhile', async () => {
    const username = fresh();
    const both = [await browser().begin(), await browser().begin()] as const;
    const verified = [];
    for (const one of both) {
      await one.start('Register');
      verified.push(await one.newIdentity(username, 'long enough'));
    }
    expect((await both[0].identify(verified[0] ?? { body: {} })).status).toBe(201);
    expect(await both[1].identify(verified[1] ?? { body: {} })).toMatchObject(
      refused(422, 'user.username_already_in_use'),
    );
  });

  it.each(['1abc', 'a b', '', 'a-b'])('refuses the username "%s"', async (username) => {
    const somebody = await browser().begin();
    await somebody.start('Register');
    expect(await somebody.newIdentity(username, 'long enough')).toMatchObject(
      refused(400, 'guard.invalid_input'),
    );
  });

  it('lists the rules that a password breaks', async () => {
    const rules = { passwordPolicy: { minLength: 10, characterTypes: 3, rejectUserInfo: true } };
    await withRules(rules, async (another) => {
      const somebody = await another().begin();
      await somebody.start('Register');
      expect(await somebody.newIdentity('erin', 'erin1')).toMatchObject({
        status: 422,
        body: {
          code: 'password.rejected',
          data: [
            { code: 'password_rejected.too_short', interpolation: { min: 10 } },
            { code: 'password_rejected.character_types', interpolation: { min: 3 } },
            { code: 'password_rejected.restricted.user_info' },
          ],
        },
      });
      expect((await somebody.newIdentity('erin', 'Long enough 1')).status).toBe(200);
    });
  });

  it('wants a verification', async () => {
    const somebody = await browser().begin();
    await somebody.start('Register');
    expect(await somebody.call('POST', '/experience/identification', {})).toMatchObject({
      status: 422,
      body: { code: 'user.missing_profile', data: { missingProfile: ['username', 'password'] } },
    });
  });

  it('is refused where it is turned off, only at the identification', async () => {
    await withRules({ registration: 'off' }, async (another) => {
      const somebody = await another().begin();
      expect((await somebody.start('Register')).status).toBe(204);
      const verified = await somebody.newIdentity('erin', 'long enough');
      expect(verified.status).toBe(200);
      expect(await somebody.identify(verified)).toMatchObject(refused(403, 'auth.forbidden'));
      await somebody.start();
      const event = { interactionEvent: 'Register' };
      expect(await somebody.call('PUT', '/experience/interaction-event', event)).toMatchObject(
        refused(403, 'auth.forbidden'),
      );
    });
  });
});

describe('one-time tokens', () => {
  it('sign in whoever has the address, once, though e-mail sign-in is not enabled', async () => {
    const alice = await browser().begin();
    await alice.start();
    expect(await alice.oneTimeToken('other@example.test', 'token-of-alice')).toMatchObject(
      refused(400, 'one_time_token.email_mismatch'),
    );
    const verified = await alice.oneTimeToken('alice@example.test', 'token-of-alice');
    expect(verified.status).toBe(200);
    expect((await alice.identify(verified)).status).toBe(204);
    expect((await alice.submit()).status).toBe(200);
    expect(await alice.oneTimeToken('alice@example.test', 'token-of-alice')).toMatchObject(
      refused(400, 'one_time_token.token_consumed'),
    );
  });

  it.each([
    ['made-up', 404, 'one_time_token.token_not_found', 'Token made-up not found.'],
    ['old-token-of-alice', 400, 'one_time_token.token_expired', 'The token is expired.'],
  ])('that are wrong are refused: %s', async (token, status, code, message) => {
    const alice = await browser().begin();
    await alice.start();
    expect(await alice.oneTimeToken('alice@example.test', token)).toMatchObject({
      status,
      body: { code, message },
    });
  });

  it('lead an unknown address to the registration', async () => {
    await withRules({ registration: 'email' }, async (another) => {
      const somebody = await another().begin();
      await somebody.start();
      const verified = await somebody.oneTimeToken('new@example.test', 'token-of-new');
      expect(await somebody.identify(verified)).toMatchObject(refused(404, 'user.user_not_exist'));
      const event = { interactionEvent: 'Register' };
      expect((await somebody.call('PUT', '/experience/interaction-event', event)).status).toBe(204);
      expect((await somebody.identify(verified)).status).toBe(201);
      const { body } = await somebody.submit();
      expect((await somebody.follow(body.redirectTo)).searchParams.has('code')).toBe(true);
    });
  });

  it('are not enough where a new user needs a username and a password', async () => {
    const somebody = await browser().begin();
    await somebody.start('Register');
    const verified = await somebody.oneTimeToken('new@example.test', 'token-of-new');
    expect(await somebody.identify(verified)).toMatchObject({
      status: 422,
      body: { code: 'user.missing_profile', data: { missingProfile: ['username', 'password'] } },
    });
  });
});

describe('second factors', () => {
  const totp = (step = 0) => totpCode(Buffer.from('12345678901234567890'), timeStepOf(Date.now()) + step);

  it('are asked for before the end, and a code of the authenticator is one, once', async () => {
    const user = await browser().identified('totp');
    expect(await user.submit()).toMatchObject({
      status: 403,
      body: { code: 'session.mfa.require_mfa_verification', data: { availableFactors: ['Totp'] } },
    });
    const verify = (code: string) => user.call('POST', '/experience/verification/totp/verify', { code });
    expect(await verify('000000')).toMatchObject(refused(400, 'session.mfa.invalid_totp_code'));
    const code = totp();
    expect(await verify(code)).toMatchObject({ status: 200, body: { verificationId: expect.any(String) } });
    expect(await verify(code)).toMatchObject(refused(400, 'session.mfa.invalid_totp_code'));
    expect((await user.submit()).status).toBe(200);
  });

  it('are backup codes too, each once', async () => {
    const verify = (user: ExperienceBrowser, code: string) =>
      user.call('POST', '/experience/verification/backup-code/verify', { code });
    const user = await browser().identified('both');
    expect((await user.submit()).body.data).toEqual({ availableFactors: ['Totp', 'BackupCode'] });
    expect(await verify(user, 'zzzz')).toMatchObject(refused(400, 'session.mfa.invalid_backup_code'));
    expect((await verify(user, 'aaaa')).status).toBe(200);
    expect((await user.submit()).status).toBe(200);
    const again = await browser().identified('both');
    expect(await verify(again, 'aaaa')).toMatchObject(refused(400, 'session.mfa.invalid_backup_code'));
    expect((await verify(again, 'bbbb')).status).toBe(200);
    const last = await browser().identified('both');
    expect((await last.submit()).body.data).toEqual({ availableFactors: ['Totp'] });
  });

  it('are suggested to who has none, and the suggestion can be skipped', async () => {
    await withRules({ mfa: { factors: ['Totp'], policy: 'UserControlled' } }, async (another) => {
      const alice = await another().identified('alice');
      expect(await alice.submit()).toMatchObject(refused(422, 'user.suggest_mfa'));
      expect(await alice.call('POST', '/experience/profile/mfa/mfa-skipped')).toMatchObject({
        status: 204,
        body: '',
      });
      expect((await alice.submit()).status).toBe(200);
    });
  });

  it('are demanded of everybody where they are mandatory', async () => {
    await withRules({ mfa: { factors: ['Totp', 'BackupCode'], policy: 'Mandatory' } }, async (another) => {
      const alice = await another().identified('alice');
      expect(await alice.submit()).toMatchObject({
        status: 422,
        body: { code: 'user.missing_mfa', data: { availableFactors: ['Totp'] } },
      });
      expect(await alice.call('POST', '/experience/profile/mfa/mfa-skipped')).toMatchObject(
        refused(422, 'session.mfa.mfa_policy_not_user_controlled'),
      );
      const user = await another().identified('totp');
      await user.call('POST', '/experience/verification/totp/verify', { code: totp() });
      expect(await user.submit()).toMatchObject(refused(422, 'session.mfa.backup_code_required'));
    });
  });

  it('are not asked for where they are turned off', async () => {
    await withRules({ mfa: { factors: [] } }, async (another) => {
      expect((await (await another().identified('totp')).submit()).status).toBe(200);
    });
  });
});

describe('what keeps attackers out', () => {
  it('blocks an identifier after too many failures, the right password too', async () => {
    await withRules({ maxAttempts: 2 }, async (another) => {
      const somebody = await another().begin();
      await somebody.start();
      const blocked = {
        status: 400,
        body: {
          code: 'session.verification_blocked_too_many_attempts',
          message: 'Too many attempts in a short time. Please try again in 60 minutes.',
        },
      };
      const wrong = () => somebody.password('alice', 'username', 'wrong');
      expect(await wrong()).toMatchObject(refused(422, 'session.invalid_credentials'));
      expect(await wrong()).toMatchObject(blocked);
      expect(await somebody.password('alice')).toMatchObject(blocked);
      expect((await somebody.password('totp')).status).toBe(200);
    });
  });

  it('counts each second factor apart', async () => {
    await withRules({ maxAttempts: 1 }, async (another) => {
      const user = await another().identified('both');
      const blocked = refused(400, 'session.verification_blocked_too_many_attempts');
      const verify = (kind: string, code: string) =>
        user.call('POST', `/experience/verification/${kind}/verify`, { code });
      expect(await verify('totp', '000000')).toMatchObject(blocked);
      expect((await verify('backup-code', 'aaaa')).status).toBe(200);
    });
  });

  it('asks for a captcha at the end of a sign-in and before a registration', async () => {
    await withRules({ captcha: true }, async (another) => {
      const alice = await another().identified('alice');
      expect(await alice.submit()).toMatchObject(refused(422, 'session.captcha_required'));
      await alice.start('Register');
      expect(await alice.identify(await alice.newIdentity('erin', 'long enough'))).toMatchObject(
        refused(422, 'session.captcha_required'),
      );
    });
  });
});

describe('the consent to an application of somebody else', () => {
  it('is asked on a page, told by the API and given by it', async () => {
    const [native] = defaultSeed().applications;
    if (!native) throw new Error('the default seed has applications');
    const applications = [{ ...native, appId: 'third', thirdParty: true }];
    const other = await startEmulator({ seed: { ...experienceSeed, applications } });
    try {
      const alice = await new ExperienceBrowser(other).begin('third', {
        scope: 'openid profile offline_access',
      });
      await alice.start();
      await alice.identify(await alice.password('alice'));
      const resumed = await open((await alice.submit()).body.redirectTo, alice.cookies);
      const page = await open(locationOf(resumed).href, alice.cookies);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<h1>Authorize third</h1>');
      expect(await alice.call('GET', '/interaction/consent')).toMatchObject({
        status: 200,
        body: {
          application: { id: 'third' },
          user: { username: 'alice', primaryEmail: 'alice@example.test' },
          missingOIDCScope: ['profile'],
          redirectUri: 'http://localhost:3000/callback',
        },
      });
      const { status, body } = await alice.call('POST', '/interaction/consent', {});
      expect(status).toBe(200);
      expect((await alice.follow(body.redirectTo)).searchParams.has('code')).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('cannot be given before anybody has signed in', async () => {
    const somebody = await browser().begin();
    expect(await somebody.call('POST', '/interaction/consent', {})).toMatchObject(
      refused(400, 'session.not_found'),
    );
    expect(await somebody.call('GET', '/interaction/consent')).toMatchObject(
      refused(400, 'session.not_found'),
    );
  });
});
