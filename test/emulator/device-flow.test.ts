import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { type HtmlForm, readForms } from '../../src/headless/html-form.js';
import {
  type AppId,
  api,
  appIds,
  authorizationUrl,
  decodeJwt,
  invalidGrant,
  invalidTarget,
  locationOf,
  open,
  type Parameters,
  post,
  read,
  refresh,
  userInfo,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
const failures: unknown[] = [];
beforeAll(async () => {
  emulator = await startEmulator({ onFailure: (error) => failures.push(error) });
  issuer = emulator.issuer;
});
afterAll(async () => {
  await emulator.close();
  expect(failures).toEqual([]);
});

const begin = (fields: Parameters = {}, appId: AppId = 'emulator-device') =>
  post(`${issuer}/device/auth`, appId, { scope: 'openid profile offline_access', ...fields });
const poll = (deviceCode: string | undefined, fields: Parameters = {}) =>
  post(`${issuer}/token`, 'emulator-device', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: deviceCode,
    ...fields,
  });

/** A browser without scripts. */
class Browser {
  readonly #cookies = new CookieJar();
  readonly statuses: number[] = [];
  url = '';
  text = '';

  async visit(url: string, init?: RequestInit): Promise<this> {
    let response = await open(new URL(url, emulator.endpoint).href, this.#cookies, init);
    this.statuses.splice(0, Number.POSITIVE_INFINITY, response.status);
    while (response.status >= 300 && response.status < 400) {
      response = await open(locationOf(response).href, this.#cookies);
      this.statuses.push(response.status);
    }
    this.url = response.url.slice(emulator.endpoint.length);
    this.text = await response.text();
    return this;
  }

  submit(changes: Readonly<Record<string, string>> = {}, { action, fields } = this.form()): Promise<this> {
    const target = new URL(action, `${emulator.endpoint}${this.url}`).href;
    return this.visit(target, {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(fields), ...changes }),
    });
  }

  form(wanted: (form: HtmlForm) => boolean = () => true): HtmlForm {
    const form = readForms(this.text).find(wanted);
    if (!form) throw new Error(`No such form at ${this.url}`);
    return form;
  }

  /** From the entered code to the question whether it is the right one. */
  async enter(code: string): Promise<this> {
    await this.visit('/device');
    await this.submit({ device_user_code: code });
    return this.submit();
  }

  async confirmAs(username: string): Promise<this> {
    await this.submit();
    return this.submit({ identifier: username, password: `emulator-only-${username}` });
  }
}

async function approve(userCode: string, username = 'alice'): Promise<Browser> {
  const browser = await new Browser().enter(userCode);
  return browser.confirmAs(username);
}

describe('a device authorization request', () => {
  it('is answered with addresses of the pages, for ten minutes, and without an interval', async () => {
    const { status, body } = await begin();
    expect(status).toBe(200);
    expect(body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verification_uri: `${emulator.endpoint}/device`,
      verification_uri_complete: `${emulator.endpoint}/device?user_code=${body.user_code}`,
      expires_in: 600,
    });
  });

  it('is refused to applications that were not made for it', async () => {
    for (const appId of [...appIds, 'emulator-m2m'] as const) {
      expect(await begin({}, appId)).toMatchObject({
        status: 400,
        body: {
          error: 'invalid_request',
          error_description: 'urn:ietf:params:oauth:grant-type:device_code is not allowed for this client',
        },
      });
    }
  });

  it('for an unknown resource or from an unknown application is refused', async () => {
    expect(await begin({ resource: 'urn:unknown' })).toMatchObject(invalidTarget);
    const unknown = await post(`${issuer}/device/auth`, null, { client_id: 'nobody' });
    expect(unknown).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
  });
});

describe('the pages of the device flow', () => {
  it('lead from the code to the connected device, without scripts', async () => {
    const { body } = await begin();
    const browser = await new Browser().visit('/device');
    expect(browser.text).toMatch(/<input[^>]* name="device_user_code"/);
    expect(browser.text).not.toContain('<script');
    await browser.submit({ device_user_code: body.user_code });
    expect(browser.url).toBe(`/oidc/device?user_code=${body.user_code}`);
    await browser.submit();
    expect(browser).toMatchObject({ url: `/device?user_code=${body.user_code}`, statuses: [302, 200] });
    expect(browser.text).toContain(body.user_code);
    await browser.submit();
    expect(browser).toMatchObject({ url: '/sign-in?app_id=emulator-device', statuses: [303, 200] });
    await browser.submit({ identifier: 'alice', password: 'emulator-only-alice' });
    expect(browser).toMatchObject({ url: '/device/success', statuses: [303, 303, 302, 302, 200] });
    expect(browser.text).toContain('Your device is now connected!');
  });

  it('begin at the complete address too, and survive a reload', async () => {
    const { body } = await begin();
    const browser = await new Browser().visit(body.verification_uri_complete);
    await browser.submit();
    await browser.visit(browser.url);
    await browser.submit();
    await browser.confirmAs('alice');
    expect(browser.url).toBe('/device/success');
  });

  it('need no password where somebody is signed in', async () => {
    const [one, other] = [(await begin()).body, (await begin()).body];
    const browser = await approve(one.user_code);
    await browser.enter(other.user_code);
    await browser.submit();
    expect(browser.url).toBe('/device/success');
    expect((await poll(other.device_code)).status).toBe(200);
  });

  it('take a new code after one that was left half way', async () => {
    const [one, other] = [(await begin()).body, (await begin()).body];
    const browser = await new Browser().enter(one.user_code);
    await browser.submit();
    expect(browser.url).toContain('/sign-in');
    await browser.visit(other.verification_uri_complete);
    await browser.submit();
    await browser.confirmAs('alice');
    expect((await poll(other.device_code)).status).toBe(200);
    expect((await poll(one.device_code)).body.error).toBe('authorization_pending');
  });

  it.each([
    ['in lower case', (code: string) => code.toLowerCase()],
    ['without the dash', (code: string) => code.replace('-', '')],
    ['with spaces', (code: string) => ` ${code.replace('-', ' ')} `],
  ])('take a code %s', async (_case, write) => {
    const { body } = await begin();
    await approve(write(body.user_code));
    expect((await poll(body.device_code)).status).toBe(200);
  });

  it('say that a code is not known, and keep it for correction', async () => {
    const browser = await new Browser().enter('AAAA-AAAA');
    expect(browser.url).toBe('/device?input_code=AAAA-AAAA&error=NotFoundError');
    expect(browser.text).toMatch(/role="alert">This code is not known/);
    expect(browser.text).toContain('value="AAAA-AAAA"');
    const { body } = await begin();
    await browser.submit({ device_user_code: body.user_code });
    await browser.submit();
    await browser.confirmAs('alice');
    expect(browser.url).toBe('/device/success');
  });

  it('say that a code was used, or that there is none', async () => {
    const { body } = await begin();
    await approve(body.user_code);
    expect((await new Browser().enter(body.user_code)).url).toContain('error=AlreadyUsedError');
    expect((await new Browser().enter('')).text).toContain('name="device_user_code"');
  });

  it('escape a code', async () => {
    const browser = await new Browser().visit('/device?input_code=%22%3E%3Cscript%3E&error=constructor');
    expect(browser.text).not.toContain('<script');
    expect(browser.text).toContain('Something went wrong');
  });

  it('answer 500 with a Location when a browser forgot its session, as Logto does', async () => {
    const visits = [
      await open(`${issuer}/device/auth`),
      await open(`${issuer}/device`, new CookieJar(), {
        method: 'POST',
        body: new URLSearchParams({ xsrf: 'x', user_code: 'AAAA-AAAA' }),
      }),
    ];
    for (const response of visits) {
      expect(response.status).toBe(500);
      expect(locationOf(response).pathname).toBe('/device');
    }
  });
});

describe('polling', () => {
  it('is told to wait, as often and as fast as it asks', async () => {
    const { body } = await begin();
    for (let count = 0; count < 5; count += 1) {
      expect(await poll(body.device_code)).toMatchObject({
        status: 400,
        body: { code: 'oidc.authorization_pending', error: 'authorization_pending' },
      });
    }
  });

  it('gets tokens, with a refresh token although nothing asked for consent', async () => {
    const { body } = await begin();
    await approve(body.user_code, 'bob');
    const answer = await poll(body.device_code);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 3600,
      id_token: expect.any(String),
      refresh_token: expect.any(String),
      scope: 'openid profile offline_access',
      token_type: 'Bearer',
    });
    expect(decodeJwt(answer.body.id_token).claims).toMatchObject({
      sub: 'emulator-user-bob',
      aud: 'emulator-device',
    });
    expect((await userInfo(issuer, answer.body.access_token)).body).toMatchObject({ username: 'bob' });
    const refreshed = await refresh(issuer, 'emulator-device', answer.body.refresh_token);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refresh_token).not.toBe(answer.body.refresh_token);
  });

  it('again after the tokens came revokes them', async () => {
    const { body } = await begin();
    await approve(body.user_code);
    const answer = await poll(body.device_code);
    expect(await poll(body.device_code)).toMatchObject(invalidGrant);
    expect((await userInfo(issuer, answer.body.access_token)).status).toBe(401);
    expect(await refresh(issuer, 'emulator-device', answer.body.refresh_token)).toMatchObject(invalidGrant);
  });

  it('gets a JWT for a resource of the request, at once or by refresh', async () => {
    const asking = { resource: api, scope: 'openid offline_access read:things' };
    const { body } = await begin(asking);
    await approve(body.user_code);
    const answer = await poll(body.device_code, { resource: api });
    expect(decodeJwt(answer.body.access_token).claims).toMatchObject({ aud: api, scope: 'read:things' });
    const refreshed = await refresh(issuer, 'emulator-device', answer.body.refresh_token, { resource: api });
    expect(decodeJwt(refreshed.body.access_token).claims).toMatchObject({ aud: api, scope: 'read:things' });
  });

  it('hears of a refusal at the confirmation', async () => {
    const { body } = await begin();
    const browser = await new Browser().enter(body.user_code);
    await browser.submit(
      {},
      browser.form(({ fields }) => fields.has('abort')),
    );
    expect(browser.url).toBe('/device?error=AbortedError');
    expect(await poll(body.device_code)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
    expect(await poll(body.device_code)).toMatchObject(invalidGrant);
  });

  it('hears of a refusal at the sign-in', async () => {
    const { body } = await begin();
    const browser = await new Browser().enter(body.user_code);
    await browser.submit();
    await browser.submit(
      {},
      browser.form(({ action }) => action === '/cancel'),
    );
    expect(browser.url).toBe('/device?error=AbortedError');
    expect((await poll(body.device_code)).body.error).toBe('access_denied');
  });

  it('without a scope in the request ends in access_denied', async () => {
    const { body } = await begin({ scope: undefined });
    const browser = await approve(body.user_code);
    expect(browser.url).toBe('/device?error=AbortedError');
    expect((await poll(body.device_code)).body.error).toBe('access_denied');
  });

  it('hears after ten minutes that the code has expired, and so does the person', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const { body } = await begin();
      vi.setSystemTime(Date.now() + 599_000);
      expect((await poll(body.device_code)).body.error).toBe('authorization_pending');
      vi.setSystemTime(Date.now() + 2000);
      expect(await poll(body.device_code)).toMatchObject({ status: 400, body: { error: 'expired_token' } });
      expect((await new Browser().enter(body.user_code)).url).toContain('error=ExpiredError');
    } finally {
      vi.useRealTimers();
    }
  });

  it('needs the code, a right one', async () => {
    expect(await poll(undefined)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await poll('bogus')).toMatchObject(invalidGrant);
  });

  it('is not for other applications', async () => {
    const { body } = await begin();
    for (const appId of appIds) {
      const fields = {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: body.device_code,
      };
      expect(await post(`${issuer}/token`, appId, fields)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
    }
  });
});

describe('an application made for the device flow', () => {
  it('cannot sign in with a redirect', async () => {
    const url = authorizationUrl(issuer, 'emulator-device', { redirect_uri: undefined });
    expect(await read(await open(url))).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'requested response_type is not allowed for this client',
      },
    });
    const code = await post(`${issuer}/token`, 'emulator-device', {
      grant_type: 'authorization_code',
      code: 'x',
    });
    expect(code).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});
