import { describe, expect, it, onTestFinished } from 'vitest';
import { type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { readForms } from '../../src/headless/html-form.js';
import { ExperienceBrowser, experienceSeed, password } from './experience-browser.js';
import { exchange, locationOf, open, post } from './raw-client.js';

async function started(options: EmulatorOptions = {}) {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

/** Where the button of a page leads that says this. */
function targetOf(text: string, label: string): string {
  const [, target] =
    [...text.matchAll(/form="continue" formaction="([^"]*)" value="([^"]*)"/g)].find(
      ([, , value]) => value === label,
    ) ?? [];
  return target ?? `no button says ${label}`;
}

const nothing = { method: 'POST', body: new URLSearchParams() };

/** A browser on the page of a path, and how it presses a button there. */
async function at(emulator: Awaited<ReturnType<typeof started>>, path: string) {
  const browser = await new ExperienceBrowser(emulator).begin('emulator-native', { scope: 'openid profile' });
  const url = new URL(`${path}${browser.page.search}`, browser.page);
  const text = await (await open(url.href, browser.cookies)).text();
  const press = (label: string, page = text, headers: Record<string, string> = {}) =>
    open(new URL(targetOf(page, label), url).href, browser.cookies, { ...nothing, headers });
  const claims = async (response: Response) => {
    const end = await browser.follow(locationOf(response).href);
    const { body } = await exchange(emulator.issuer, 'emulator-native', end.searchParams.get('code') ?? '');
    return JSON.parse(Buffer.from(String(body.id_token).split('.')[1] ?? '', 'base64url').toString());
  };
  return { browser, url, text, press, claims };
}

/** Asserts that whoever fills the page in meets the form of Logto's page first. */
function expectOwnForm(text: string, fields: readonly string[]): void {
  expect([...(readForms(text)[0]?.fields.keys() ?? [])]).toEqual(fields);
  expect(text.match(/<button/g)).toHaveLength(1);
}

describe('the button of a registration', () => {
  it('registers somebody new each time, who can sign in with what it says', async () => {
    const emulator = await started();
    for (const name of ['newcomer1', 'newcomer2']) {
      const { text, press, claims } = await at(emulator, '/register');
      expectOwnForm(text, ['identifier']);
      expect(text).toContain('with the password <code>Emulator-only-1</code>');
      expect(await claims(await press(`Register ${name}`))).toMatchObject({ username: name });
    }
    const { browser, url, claims } = await at(emulator, '/sign-in');
    const body = new URLSearchParams({ identifier: 'newcomer2', password: 'Emulator-only-1' });
    const response = await open(url.href, browser.cookies, { method: 'POST', body });
    expect(await claims(response)).toMatchObject({ username: 'newcomer2' });
  });

  it('keeps strict rules, and says what it is refused for, on a page that can be filled in', async () => {
    const strict = { characterTypes: 4, rejectUserInfo: true };
    const { press, claims } = await at(
      await started({ seed: { signInExperience: { passwordPolicy: strict } } }),
      '/register',
    );
    expect(await claims(await press('Register newcomer1'))).toMatchObject({ username: 'newcomer1' });
    const passwordPolicy = { minLength: 40 };
    const long = await at(await started({ seed: { signInExperience: { passwordPolicy } } }), '/register');
    const refused = await long.press('Register newcomer1');
    const text = await refused.text();
    expect([refused.status, text]).toEqual([422, expect.stringContaining('role="alert">')]);
    expect(readForms(text)[0]?.action).toBe(`/register${long.url.search}`);
    const off = await at(await started({ seed: { signInExperience: { registration: 'off' } } }), '/register');
    expect((await off.press('Register newcomer1')).status).toBe(422);
  });

  it("does nothing on another site's page, nor for a name of one's own", async () => {
    const { browser, url, text, press } = await at(await started(), '/register');
    const response = await press('Register newcomer1', text, { 'sec-fetch-site': 'cross-site' });
    expect(locationOf(response).pathname).toBe('/register');
    const own = new URL(`/register-at-once/mallory${url.search}`, url).href;
    expect((await open(own, browser.cookies, nothing)).status).toBe(404);
  });
});

describe('the button of a second factor', () => {
  it.each([
    ['totp', '3'],
    ['backup', '5'],
  ])('fills in the code of %s, again and again', async (identifier, subject) => {
    const emulator = await started({ seed: experienceSeed });
    for (let time = 0; time < 3; time += 1) {
      const { browser, url, press, claims } = await at(emulator, '/sign-in');
      const body = new URLSearchParams({ identifier, password });
      const next = locationOf(await open(url.href, browser.cookies, { method: 'POST', body }));
      expect(next.pathname).toMatch(/^\/mfa-verification\//);
      const text = await (await open(next.href, browser.cookies)).text();
      expectOwnForm(text, ['code']);
      const response = await press(`Continue with the code of ${identifier}`, text);
      expect((await claims(response)).sub).toBe(subject);
    }
  });
});

describe('the page of a consent', () => {
  it('says who is asked', async () => {
    const applications = [
      {
        type: 'Native' as const,
        appId: 'third',
        thirdParty: true,
        redirectUris: ['http://localhost:3000/callback'],
        postLogoutRedirectUris: [],
      },
    ];
    const odd = { id: '1', username: 'o"dd <b>', password: 'emulator-only-odd' };
    const emulator = await started({ seed: { applications, users: [odd], organizations: [] } });
    const browser = await new ExperienceBrowser(emulator).begin('third');
    const body = new URLSearchParams({ identifier: odd.username, password: odd.password });
    let location = locationOf(await open(browser.page.href, browser.cookies, { method: 'POST', body }));
    while (location.pathname !== '/consent')
      location = locationOf(await open(location.href, browser.cookies));
    const text = await (await open(location.href, browser.cookies)).text();
    expect(text).toContain('You are <strong>o&#34;dd &#60;b&#62;</strong>.');
  });
});

describe('the codes of the device page', () => {
  const begun = async (issuer: string) => {
    const { body } = await post(`${issuer}/device/auth`, 'emulator-device', { scope: 'openid' });
    return String(body['user_code']);
  };
  const offered = (text: string) =>
    [...text.matchAll(/form="waiting" name="device_user_code" value="([^"]*)"/g)].map(([, code]) => code);

  it('are those that wait, until somebody has answered, and lead where the form leads', async () => {
    const emulator = await started();
    const page = async (headers: Record<string, string> = {}) =>
      (await open(`${emulator.endpoint}/device`, undefined, { headers })).text();
    expect(offered(await page())).toEqual([]);
    const first = await begun(emulator.issuer);
    const second = await begun(emulator.issuer);
    const text = await page();
    expect(offered(text)).toEqual([second, first]);
    expectOwnForm(text, ['device_user_code']);
    // Another site has no business with them.
    expect(offered(await page({ 'sec-fetch-site': 'cross-site' }))).toEqual([]);
    const cookies = new CookieJar();
    /** What stands at the end of a step, after redirects and forms that send themselves. */
    const go = async (path: string, fields?: URLSearchParams): Promise<string> => {
      const init = fields && { method: 'POST', body: fields };
      const response = await open(new URL(path, emulator.endpoint).href, cookies, init);
      if (response.status >= 300 && response.status < 400) return go(locationOf(response).href);
      const found = await response.text();
      const [form] = readForms(found);
      return form?.hidden ? go(form.action, new URLSearchParams([...form.fields])) : found;
    };
    const confirm = await go('/device', new URLSearchParams({ device_user_code: first }));
    expect(confirm).toContain(`value="${first}"`);
    const no = readForms(confirm).find(({ fields }) => fields.has('abort'));
    await go(no?.action ?? '', new URLSearchParams([...(no?.fields ?? [])]));
    expect(offered(await page())).toEqual([second]);
  });
});
