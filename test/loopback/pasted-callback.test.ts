import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pastedCallback } from '../../src/loopback/pasted-callback.js';
import { outsideText } from '../fuzz/outside.js';
import { fuzz } from '../fuzz/seed.js';
import { ask } from './http-client.js';
import { listen } from './listener.js';

fuzz();

const uri = new URL('http://localhost:3000/callback');
const query = 'code=the-code&state=the-state&iss=https%3A%2F%2Fid.example.test';
const whole = `http://localhost:3000/callback?${query}`;

describe('a pasted response', () => {
  it.each([
    ['whole', whole],
    ['its query', query],
    ['its query with the question mark', `?${query}`],
    ['from the path on', `/callback?${query}`],
    ['without its scheme, as browsers show it', `localhost:3000/callback?${query}`],
    ['as a browser has it that keeps localhost to https', whole.replace('http:', 'https:')],
    ['with blanks around', `  ${whole} \t`],
    ['in quotes', `"${whole}"`],
    ['in angle brackets', `<${whole}>`],
    ['in backticks', `\`${whole}\``],
    ['in the quotes of a word processor', `“${whole}”`],
    ['wrapped by a terminal', whole.replace(/(.{20})/g, '$1\r\n  ')],
    ['with the signs of a bracketed paste', `\u001b${whole}\u0007`],
    ['with an empty fragment, as some providers add', `${whole}#_=_`],
  ])('is understood %s', (_how, text) => {
    const found = pastedCallback(text.replace('\u001b', ''), uri);
    expect(found).toMatchObject({ url: whole });
    expect('parameters' in found && found.parameters.get('code')).toBe('the-code');
  });

  it.each([
    ['nothing', '  ', 'was empty'],
    ['a word', 'hello', 'is no address, and no query of one'],
    ['the address of the provider', 'https://id.example.test/auth?state=the-state', 'another place'],
    ['another port', whole.replace('3000', '3001'), 'another port than 3000'],
    ['another host of this machine', whole.replace('localhost', '127.0.0.1'), 'another place'],
    ['another path', whole.replace('/callback', '/other'), 'another path than /callback'],
    ['a page of the browser', 'chrome-error://chromewebdata/', 'is no address'],
    ['what stands behind a #', whole.replace('?', '#'), 'behind a # (response_mode=fragment)'],
    ['more than any address', `${whole}${'x'.repeat(70_000)}`, 'longer than any address'],
  ])('is none as %s', (_what, text, problem) => {
    const found = pastedCallback(text, uri);
    expect('problem' in found ? found.problem : '').toContain(problem);
    expect(JSON.stringify(found)).not.toMatch(/the-code|the-state/);
  });

  it('is of a redirect URI with https as it is of one with http', () => {
    const secure = new URL('https://localhost:3000/callback');
    const its = whole.replace('http:', 'https:');
    for (const text of [its, query, `localhost:3000/callback?${query}`])
      expect(pastedCallback(text, secure)).toMatchObject({ url: its });
    expect(pastedCallback(whole, secure)).toEqual({
      problem: 'begins with http:, and the browser has to end on https:',
    });
    expect(pastedCallback('https://localhost/callback?code=c', secure)).toEqual({
      problem: 'is of another port than 3000',
    });
  });

  it('never goes anywhere but to the redirect URI, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(outsideText(), fc.string(), fc.webUrl(), fc.webQueryParameters()), (text) => {
        const found = pastedCallback(text, uri);
        if ('url' in found) expect(found.url).toMatch(/^http:\/\/localhost:3000\/callback(\?|$)/);
        else expect(found.problem).toMatch(/^(is|was|has) /);
      }),
    );
  });
});

const state = 'a-state-of-this-sign-in';

describe('a response that a person brings to the listener', () => {
  it('is the response, once', async () => {
    const { listener } = await listen();
    const arrival = listener.response(state);
    expect(listener.offer(`code=one&state=${state}`)).toBeNull();
    const { url, isConfirmed, finish } = await arrival;
    expect(url).toBe(`${listener.redirectUri}?code=one&state=${state}`);
    expect(isConfirmed).toBe(true);
    expect(listener.offer(`code=two&state=${state}`)).toContain('already');
    await finish({ outcome: 'signed-in', subject: 'alice', application: 'app' });
  });

  it.each([
    ['another state', 'code=one&state=other', 'carried another state than ours'],
    ['no state', 'code=one', 'carried a code and no state'],
    ['no code', `state=${state}`, 'carried neither a code nor an error'],
    ['an error without a state', 'error=access_denied', 'carried error=access_denied and no state'],
    ['a code twice', `code=one&code=two&state=${state}`, 'repeated the parameter code'],
    ['both', `code=one&error=access_denied&state=${state}`, 'both a code and an error'],
  ])('is judged as a request would be: %s', async (_what, text, problem) => {
    const { listener, reports } = await listen();
    const arrival = listener.response(state);
    expect(listener.offer(text)).toContain(problem);
    // Whoever offered it tells it, and nobody twice.
    expect(reports).toEqual([]);
    listener.offer(`code=good&state=${state}`);
    expect((await arrival).url).toContain('code=good');
  });

  it('is an error of the provider too, with our state', async () => {
    const { listener } = await listen();
    const arrival = listener.response(state);
    expect(listener.offer(`error=access_denied&state=${state}`)).toBeNull();
    expect((await arrival).url).toContain('error=access_denied');
  });

  it('counts among what came in vain', async () => {
    const { listener } = await listen();
    void listener.response(state);
    listener.offer('code=one&state=other');
    listener.offer(`state=${state}`);
    expect(listener.strangers.wrong_state).toBe(1);
    expect(listener.unusable.problems).toEqual(['carried neither a code nor an error']);
  });

  it('lets the browser that comes with it all the same hear how it ends', async () => {
    const { listener } = await listen();
    const arrival = listener.response(state);
    listener.offer(`code=one&state=${state}`);
    const { finish } = await arrival;
    const browser = ask(`${listener.redirectUri}?code=one&state=${state}`);
    // It is held until then: the request has to have come.
    await new Promise((done) => setTimeout(done, 100));
    const finished = finish({ outcome: 'signed-in', subject: 'alice', application: 'app' });
    const { status, headers } = await browser;
    expect(status).toBe(303);
    const page = await ask(new URL(String(headers['location']), listener.redirectUri).href);
    await finished;
    expect(page.body).toContain('You are signed in');
    expect(page.body).toContain('alice');
  });

  it('is not taken where the browser has brought one', async () => {
    const { listener } = await listen();
    const arrival = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=one&state=${state}`);
    const { finish } = await arrival;
    expect(listener.offer(`code=one&state=${state}`)).toContain('already');
    const finished = finish({ outcome: 'failed', code: 'x', message: 'm', hint: 'h' });
    const page = await ask(new URL(String((await browser).headers['location']), listener.redirectUri).href);
    await finished;
    expect(page.body).toContain('Sign-in failed');
  });
});

describe('the short address', () => {
  const target = 'https://id.example.test/authorize?state=the-state&nonce=n';

  it('is twelve letters that nobody guesses, and leads there as often as it is opened', async () => {
    const { listener } = await listen();
    void listener.response(state);
    const url = listener.shortAddress(target);
    expect(url).toMatch(/^http:\/\/localhost:\d+\/[a-z]{12}$/);
    expect(listener.shortAddress(target)).not.toBe(url);
    for (let times = 0; times < 3; times += 1) {
      const { status, headers, body } = await ask(url);
      expect([status, headers['location'], body]).toEqual([303, target, '']);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('is answered to nobody who asks in another way, and no other path is', async () => {
    const { listener } = await listen();
    void listener.response(state);
    const url = listener.shortAddress(target);
    const others = [
      await ask(url, { method: 'POST' }),
      await ask(url, { headers: { host: 'evil.example.test' } }),
      await ask(url, { headers: { 'sec-purpose': 'prefetch' } }),
      await ask(`${url}x`),
      await ask(url.toUpperCase().replace(/^HTTP:\/\/LOCALHOST/, 'http://localhost')),
      await ask(`${new URL(url).origin}/aaaaaaaaaaaa`),
    ];
    expect(others.map(({ status }) => status)).toEqual([405, 421, 503, 404, 404, 404]);
    for (const { headers, body } of others) {
      expect(headers['location']).toBeUndefined();
      expect(body).not.toContain('the-state');
    }
  });

  it('leads nowhere once the response has come', async () => {
    const { listener } = await listen();
    const arrival = listener.response(state);
    const url = listener.shortAddress(target);
    listener.offer(`code=one&state=${state}`);
    await arrival;
    const { status, headers, body } = await ask(url);
    expect([status, headers['location']]).toEqual([410, undefined]);
    expect(body).not.toContain('the-state');
  });
});
