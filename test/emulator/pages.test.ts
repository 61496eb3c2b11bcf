import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { signIn as signUp } from '../../src/flow/sign-in-to-emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { timeStepOf, totpCode } from '../../src/headless/totp.js';
import { experienceSeed, password } from './experience-browser.js';
import { authorizationUrl, exchange, locationOf, open, type Parameters, signIn } from './raw-client.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** A browser that stands on the page to which an authorization request led it. */
async function begin(overrides: Parameters = {}) {
  const cookies = new CookieJar();
  const response = await open(authorizationUrl(emulator.issuer, 'emulator-native', overrides), cookies);
  const page = locationOf(response).href;
  const submit = (url: string, fields: Record<string, string>) =>
    open(new URL(url, page).href, cookies, { method: 'POST', body: new URLSearchParams(fields) });
  return { cookies, page, get: (url: string) => open(new URL(url, page).href, cookies), submit };
}

/** Follows redirects from a form to the end, which lies outside the emulator. */
async function followFrom(response: Response, cookies: CookieJar): Promise<URL> {
  let location = locationOf(response);
  while (location.origin === emulator.endpoint) location = locationOf(await open(location.href, cookies));
  return location;
}

describe('the sign-in page', () => {
  it("has the fields and buttons of Logto's", async () => {
    const { page, get } = await begin();
    const response = await get(page);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('<title>Sign in to your account</title>');
    expect(text).toMatch(/<input[^>]* name="identifier"/);
    expect(text).toMatch(/<input[^>]* name="password" type="password"/);
    expect(text.match(/<button type="submit">/g)).toHaveLength(1);
    expect(text).toContain('<a href="/register?app_id=emulator-native">Create account</a>');
    expect(text).not.toContain('<script');
  });

  it('has a policy that lets nothing in and lets the last redirect out', async () => {
    const { page, get } = await begin();
    const { headers } = await get(page);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('form-action');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('fills in the login_hint, escaped', async () => {
    const { page, get } = await begin({ login_hint: '"><script>alert(1)</script>' });
    const text = await (await get(page)).text();
    expect(text).toContain('value="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;"');
    expect(text).not.toContain('<script');
  });

  it.each([
    ['alice', 'wrong password'],
    ['nobody', 'emulator-only-alice'],
    ['Alice', 'emulator-only-alice'],
    ['', ''],
  ])('refuses %s with %s in the same words', async (identifier, password) => {
    const { page, submit } = await begin();
    const response = await submit(page, { identifier, password });
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toContain('role="alert">Incorrect account or password. Please check your input.<');
    expect(text).toContain(`value="${identifier}"`);
  });

  it('accepts the right password after a wrong one', async () => {
    const { page, submit, cookies } = await begin();
    await submit(page, { identifier: 'alice', password: 'wrong' });
    const response = await submit(page, { identifier: 'alice', password: 'emulator-only-alice' });
    expect(response.status).toBe(303);
    expect((await followFrom(response, cookies)).searchParams.has('code')).toBe(true);
  });

  it('lets the person cancel, which the application hears as access_denied', async () => {
    const { submit, cookies } = await begin();
    const end = await followFrom(await submit('/cancel', {}), cookies);
    expect(Object.fromEntries(end.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'End-User aborted interaction',
      state: 'some-state',
      iss: emulator.issuer,
    });
  });

  it('also exists under the name identifier-sign-in', async () => {
    const { page, submit, cookies } = await begin({ first_screen: 'identifier:sign_in' });
    const response = await submit(page, { identifier: 'bob', password: 'emulator-only-bob' });
    expect((await followFrom(response, cookies)).searchParams.has('code')).toBe(true);
  });

  it.each([
    [{ first_screen: 'reset_password' }, '/sign-in'],
    [{ first_screen: 'single_sign_on' }, '/sign-in'],
    [{ direct_sign_in: 'social:nothing' }, '/sign-in'],
    [{ direct_sign_in: 'sso:nothing', first_screen: 'register' }, '/register'],
  ])('is where %o falls back to', async (overrides, path) => {
    const { page, get } = await begin(overrides);
    expect(locationOf(await get(page)).pathname).toBe(path);
  });
});

describe('registration', () => {
  const fresh = () => `user_${Math.random().toString(36).slice(2)}`;

  it.each([{ first_screen: 'register' }, { first_screen: 'identifier:register' }])(
    'makes an account in two steps and signs it in: %o',
    async (overrides) => {
      const { page, submit, get, cookies } = await begin(overrides);
      const username = fresh();
      const first = await submit(page, { identifier: username });
      expect(locationOf(first).pathname).toBe('/register/password');
      const second = await (await get(locationOf(first).href)).text();
      expect(second).toContain(username);
      const response = await submit(locationOf(first).href, {
        newPassword: 'long enough',
        confirmPassword: 'long enough',
      });
      const end = await followFrom(response, cookies);
      const { body } = await exchange(emulator.issuer, 'emulator-native', end.searchParams.get('code') ?? '');
      expect(body.id_token).toEqual(expect.any(String));

      const later = await begin();
      const again = await later.submit(later.page, { identifier: username, password: 'long enough' });
      expect(again.status).toBe(303);
    },
  );

  it.each([
    ['alice', 'This username is already in use.'],
    ['1abc', 'Username should only contain'],
    ['a b', 'Username should only contain'],
    ['', 'Username should only contain'],
  ])('refuses the username "%s"', async (identifier, problem) => {
    const { page, submit } = await begin({ first_screen: 'register' });
    const response = await submit(page, { identifier });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(problem);
  });

  it.each([
    ['short', 'short', 'Password requires a minimum of 8 characters.'],
    ['long enough', 'different', 'Your passwords don’t match. Please try again.'],
  ])('refuses the passwords "%s" and "%s"', async (newPassword, confirmPassword, problem) => {
    const { page, submit } = await begin({ first_screen: 'register' });
    const first = await submit(page, { identifier: fresh() });
    const response = await submit(locationOf(first).href, { newPassword, confirmPassword });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(problem);
  });

  it('begins again when somebody else took the username in between', async () => {
    const identifier = fresh();
    const passwords = { newPassword: 'long enough', confirmPassword: 'long enough' };
    const [one, other] = [await begin(), await begin()];
    for (const { submit } of [one, other]) await submit('/register', { identifier });
    expect(locationOf(await one.submit('/register/password', passwords)).pathname).toMatch(/^\/oidc\/auth/);
    expect(locationOf(await other.submit('/register/password', passwords)).pathname).toBe('/register');
  });

  it('begins with the username, not with the password', async () => {
    const { get } = await begin();
    expect(locationOf(await get('/register/password')).pathname).toBe('/register');
  });
});

describe('a page without a sign-in under way', () => {
  it.each(['/sign-in', '/register', '/register/password', '/consent'])(
    '%s leads to unknown-session',
    async (path) => {
      const response = await open(`${emulator.endpoint}${path}?app_id=emulator-native`);
      expect(response.status).toBe(302);
      expect(response.headers.get('location')).toBe(`${emulator.endpoint}/unknown-session`);
      const page = await open(`${emulator.endpoint}/unknown-session`);
      expect(page.status).toBe(404);
      expect(await page.text()).toContain('Session not found');
    },
  );

  it('and resuming one from another browser is session.not_found', async () => {
    const { page, submit } = await begin();
    const response = await submit(page, { identifier: 'alice', password: 'emulator-only-alice' });
    const elsewhere = await open(locationOf(response).href);
    expect(elsewhere.status).toBe(400);
    expect(await elsewhere.json()).toMatchObject({
      code: 'session.not_found',
      error: 'invalid_request',
      error_description: 'authorization request has expired',
    });
  });
});

describe('the other pages', () => {
  it('the root says what this is and lists applications and users', async () => {
    const text = await (await open(`${emulator.endpoint}/`)).text();
    for (const known of ['emulator-native', 'emulator-only-app-secret', 'alice', emulator.issuer]) {
      expect(text).toContain(known);
    }
  });

  it('the root lists the users that there are now, and of those who registered how many', async () => {
    const own = await startEmulator({ controlKey: 'some-key' });
    try {
      const overview = async () => (await open(`${own.endpoint}/`)).text();
      expect(await overview()).not.toMatch(/carol|registered/);
      const users = [{ username: 'carol' }, { username: 'bob', email: 'bob@example.test' }];
      await fetch(`${own.endpoint}/.emulator`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer some-key' },
        body: JSON.stringify({ users }),
      });
      await signUp(own, { username: 'newcomer', password: 'a-password-of-its-own', signUp: true });
      const text = await overview();
      for (const known of ['emulator-only-carol', 'bob@example.test', 'and 1 who registered'])
        expect(text).toContain(known);
      expect(text).not.toMatch(/newcomer|a-password-of-its-own/);
    } finally {
      await own.close();
    }
  });

  it('an unknown address is 404', async () => {
    expect((await open(`${emulator.endpoint}/nothing`)).status).toBe(404);
  });

  it('a form that is far too large is refused', async () => {
    const { page, submit } = await begin();
    const response = await submit(page, { identifier: 'a'.repeat(100_000), password: 'x' });
    expect(locationOf(response).pathname).toBe('/unknown-session');
  });

  it('the cookies are Lax, HttpOnly and not for scripts, but for the one that is', async () => {
    const response = await open(authorizationUrl(emulator.issuer, 'emulator-native'));
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual([
      '_logto',
      '_logto.sig',
      '_interaction',
      '_interaction.sig',
      '_interaction_resume',
      '_interaction_resume.sig',
    ]);
    for (const cookie of cookies) {
      expect(cookie).toMatch(cookie.startsWith('_logto') ? /samesite=lax$/ : /samesite=lax; httponly$/);
    }
    expect(cookies[2]).toContain('path=/;');
    expect(cookies[4]).toMatch(/path=\/oidc\/auth\//);
  });

  it('consent asks nobody', async () => {
    const { cookies } = await signIn(emulator.issuer, 'emulator-spa');
    const url = authorizationUrl(emulator.issuer, 'emulator-traditional');
    const consent = locationOf(await open(url, cookies));
    expect(consent.pathname).toBe('/consent');
    const response = await open(consent.href, cookies);
    expect(response.status).toBe(302);
    expect(locationOf(response).pathname).toMatch(/^\/oidc\/auth\//);
  });
});

describe('the rules of the Experience API on the pages', () => {
  let strict: Emulator;
  beforeAll(async () => {
    strict = await startEmulator({
      seed: { ...experienceSeed, signInExperience: { signInMethods: ['username', 'email'] } },
    });
  });
  afterAll(() => strict.close());

  /** Fills in the sign-in page. */
  async function signInOnPage(identifier: string) {
    const cookies = new CookieJar();
    const page = locationOf(await open(authorizationUrl(strict.issuer, 'emulator-native'), cookies)).href;
    const submit = (url: string, fields: Record<string, string>) =>
      open(url, cookies, { method: 'POST', body: new URLSearchParams(fields) });
    return { cookies, submit, response: await submit(page, { identifier, password }) };
  }

  it('keep suspended users out', async () => {
    const { response } = await signInOnPage('suspended');
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('This account is suspended.');
  });

  it('let users in by their e-mail address where that is enabled, and by their phone where it is not', async () => {
    expect((await signInOnPage('alice@example.test')).response.status).toBe(303);
    const { response } = await signInOnPage('+15550100');
    expect(await response.text()).toContain('This sign-in method is not enabled.');
  });

  it.each([
    ['totp', '/mfa-verification/totp', 'Invalid TOTP code.', () => totpOfNow()],
    ['backup', '/mfa-verification/backup-code', 'Invalid backup code.', () => 'cccc'],
  ])('ask the user %s for the second factor', async (username, path, problem, right) => {
    const { response, submit, cookies } = await signInOnPage(username);
    const page = locationOf(response);
    expect(page.pathname).toBe(path);
    const text = await (await open(page.href, cookies)).text();
    expect(text).toMatch(/<input[^>]* name="code"/);
    const refused = await submit(page.href, { code: '000000' });
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining(problem)]);
    const end = await submit(page.href, { code: right() });
    expect(end.status).toBe(303);
    let location = locationOf(end);
    while (location.origin === strict.endpoint) location = locationOf(await open(location.href, cookies));
    expect(location.searchParams.has('code')).toBe(true);
  });

  it('begin with the password, not with the second factor', async () => {
    const cookies = new CookieJar();
    await open(authorizationUrl(strict.issuer, 'emulator-native'), cookies);
    const response = await open(`${strict.endpoint}/mfa-verification/totp`, cookies);
    expect(locationOf(response).pathname).toBe('/sign-in');
  });
});

function totpOfNow(): string {
  return totpCode(Buffer.from('12345678901234567890'), timeStepOf(Date.now()));
}
