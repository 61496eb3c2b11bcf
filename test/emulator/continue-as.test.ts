import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.js';
import { filledForm } from '../../src/headless/follow-sign-in.js';
import { formRequest, readForms } from '../../src/headless/html-form.js';
import { ExperienceBrowser, experienceSeed, password, totpSecret } from './experience-browser.js';
import { exchange, locationOf, open } from './raw-client.js';

/** The buttons of a page: what they say, and where they lead. */
function buttonsOf(text: string): ReadonlyMap<string, string> {
  const buttons = text.matchAll(
    /<input type="submit" form="continue" formaction="([^"]*)" value="([^"]*)">/g,
  );
  return new Map([...buttons].map(([, target = '', label = '']) => [label, target]));
}

/** A browser that has come to the sign-in page of an emulator, and what it sees. */
async function atSignIn(emulator: Emulator, ...request: Parameters<ExperienceBrowser['begin']>) {
  const browser = await new ExperienceBrowser(emulator).begin(...request);
  const text = await (await open(browser.page.href, browser.cookies)).text();
  const press = (label: string, headers: Record<string, string> = {}) => {
    const target = buttonsOf(text).get(label) ?? `no button says ${label}`;
    const url = new URL(target, browser.page).href;
    return open(url, browser.cookies, { method: 'POST', body: new URLSearchParams(), headers });
  };
  return { browser, text, press };
}

/** Whose code the application has got. */
async function subjectOf(emulator: Emulator, browser: ExperienceBrowser, response: Response) {
  const end = await browser.follow(locationOf(response).href);
  const { body } = await exchange(emulator.issuer, 'emulator-native', end.searchParams.get('code') ?? '');
  const [, claims = ''] = String(body.id_token).split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).sub;
}

describe('the buttons of the sign-in page', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    const odd = { id: 'a/b?c=<d>&\ud800', username: 'o"dd <b>', password };
    emulator = await startEmulator({ seed: { ...experienceSeed, users: [...experienceSeed.users, odd] } });
  });
  afterAll(() => emulator.close());

  it.each([
    ['alice', '1'],
    ['totp', '3'],
    ['both', '4'],
    ['backup', '5'],
    ['o&#34;dd &#60;b&#62;', 'a/b?c=<d>&\ud800'],
  ])('sign %s in with a click, again and again', async (name, subject) => {
    for (let time = 0; time < 3; time += 1) {
      const { browser, press } = await atSignIn(emulator);
      const response = await press(`Continue as ${name}`);
      expect(await subjectOf(emulator, browser, response)).toBe(subject);
    }
  });

  it.each([
    ['suspended', 'This account is suspended.'],
    ['expired', 'Password has expired.'],
  ])('say of the user %s what the form says', async (name, problem) => {
    const { browser, press } = await atSignIn(emulator);
    const response = await press(`Continue as ${name}`);
    const text = await response.text();
    expect([response.status, text]).toEqual([422, expect.stringContaining(`role="alert">${problem}<`)]);
    expect(text).not.toContain('aria-invalid="true"');
    // Another user can be taken from there.
    const target = new URL(buttonsOf(text).get('Continue as alice') ?? '', browser.page).href;
    const next = await open(target, browser.cookies, { method: 'POST', body: new URLSearchParams() });
    expect(await subjectOf(emulator, browser, next)).toBe('1');
  });

  it('stand in no way of those who fill in the form', async () => {
    const { text } = await atSignIn(emulator);
    const [first] = readForms(text);
    expect([...(first?.fields.keys() ?? [])]).toEqual(['identifier', 'password']);
    expect(filledForm(text, 'alice', password)).toMatchObject({
      action: '/sign-in?app_id=emulator-native',
      fields: new Map([
        ['identifier', 'alice'],
        ['password', password],
      ]),
    });
    expect(text.match(/<button/g)).toHaveLength(1);
    expect(text.indexOf('Continue as alice')).toBeLessThan(text.indexOf('name="identifier"'));
  });

  it('change the user where somebody is signed in', async () => {
    const first = await atSignIn(emulator);
    expect(await subjectOf(emulator, first.browser, await first.press('Continue as alice'))).toBe('1');
    await first.browser.begin('emulator-native', { prompt: 'login' });
    const text = await (await open(first.browser.page.href, first.browser.cookies)).text();
    const target = new URL(buttonsOf(text).get('Continue as totp') ?? '', first.browser.page).href;
    const response = await open(target, first.browser.cookies, {
      method: 'POST',
      body: new URLSearchParams(),
    });
    const resume = await open(locationOf(response).href, first.browser.cookies);
    // The engine ends the old session with a form that sends itself.
    const [onward] = readForms(await resume.text());
    const request = onward && formRequest(onward, resume.url);
    const { url = '', body = null } = request ?? {};
    const ended = await open(url, first.browser.cookies, { method: 'POST', body });
    expect(await subjectOf(emulator, first.browser, ended)).toBe('3');
  });

  it("do nothing on another site's page", async () => {
    const { press } = await atSignIn(emulator);
    for (const site of ['cross-site', 'same-site']) {
      const response = await press('Continue as alice', { 'sec-fetch-site': site });
      expect(locationOf(response).pathname).toBe('/sign-in');
    }
    const response = await press('Continue as alice', { 'sec-fetch-site': 'same-origin' });
    expect(locationOf(response).pathname).toMatch(/^\/oidc\/auth\//);
  });

  it('lead back where nobody has this id, and nowhere without a sign-in', async () => {
    const { browser } = await atSignIn(emulator);
    const post = { method: 'POST', body: new URLSearchParams() };
    const nobody = await open(
      `${emulator.endpoint}/continue-as/7?app_id=emulator-native`,
      browser.cookies,
      post,
    );
    expect(locationOf(nobody).href).toBe(`${emulator.endpoint}/sign-in?app_id=emulator-native`);
    const stranger = await open(`${emulator.endpoint}/continue-as/1`, undefined, post);
    expect(locationOf(stranger).pathname).toBe('/unknown-session');
    expect((await open(`${emulator.endpoint}/continue-as/1`, browser.cookies)).status).toBe(404);
  });
});

describe('the rules of a seed hold for the buttons', () => {
  async function started(options: EmulatorOptions) {
    const emulator = await startEmulator(options);
    onTestFinished(() => emulator.close());
    return emulator;
  }

  async function pressed(options: EmulatorOptions, name: string) {
    const emulator = await started(options);
    const { press } = await atSignIn(emulator);
    return press(`Continue as ${name}`);
  }

  it('who may sign in by e-mail address alone does so', async () => {
    const seed = { ...experienceSeed, signInExperience: { signInMethods: ['email'] as const } };
    expect((await pressed({ seed }, 'alice')).status).toBe(303);
    expect(await (await pressed({ seed }, 'totp')).text()).toContain('This sign-in method is not enabled.');
  });

  it('a factor that has to be there is not made up', async () => {
    const mfa = { factors: ['Totp'], policy: 'Mandatory' } as const;
    const seed = { ...experienceSeed, signInExperience: { mfa } };
    expect(await (await pressed({ seed }, 'alice')).text()).toContain('You need to bind additional MFA');
    expect((await pressed({ seed }, 'totp')).status).toBe(303);
  });

  it('a captcha stops everybody', async () => {
    const seed = { ...experienceSeed, signInExperience: { captcha: true } };
    expect(await (await pressed({ seed }, 'alice')).text()).toContain('Captcha is required.');
  });

  it('whoever registers gets no button, and many users stay behind a click', async () => {
    const users = Array.from({ length: 300 }, (_, index) => {
      return { id: `${index}`, username: `user${index}`, password: 'emulator-only-crowd', totpSecret };
    });
    const emulator = await started({ seed: { users, organizations: [] } });
    const { browser, text } = await atSignIn(emulator);
    expect(buttonsOf(text).size).toBe(200);
    expect(text).toContain('<summary>194 more</summary>');
    expect(text).toContain('and 100 more');
    const form = { method: 'POST', body: new URLSearchParams({ identifier: 'newcomer' }) };
    const second = await open(`${emulator.endpoint}/register`, browser.cookies, form);
    const passwords = { newPassword: 'long enough', confirmPassword: 'long enough' };
    const body = new URLSearchParams(passwords);
    expect((await open(locationOf(second).href, browser.cookies, { method: 'POST', body })).status).toBe(303);
    expect((await atSignIn(emulator)).text).not.toContain('newcomer');
  });
});
