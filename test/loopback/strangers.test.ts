import { describe, expect, it } from 'vitest';
import { ask, hear, say } from './http-client.js';
import { listen, signedIn, state } from './listener.js';

const ours = `?code=c&state=${state}`;

/** Requests with no effect: what they are, where they go, how, and what they are answered. */
const strangers: readonly [
  name: string,
  target: string,
  question: { method?: string; headers?: Record<string, string> },
  status: number,
][] = [
  ['another path', `/${ours}`, {}, 404],
  ['a longer path', `/callback/${ours}`, {}, 404],
  ['the path in other letters', `/Callback${ours}`, {}, 404],
  ['the path with a dot segment escaped', `/%63allback${ours}`, {}, 404],
  ['a favicon', '/favicon.ico', {}, 404],
  ['a POST', `/callback${ours}`, { method: 'POST' }, 405],
  ['a HEAD', `/callback${ours}`, { method: 'HEAD' }, 405],
  ['a PUT', `/callback${ours}`, { method: 'PUT' }, 405],
  [
    'a private network preflight',
    `/callback${ours}`,
    {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'GET',
        'access-control-request-private-network': 'true',
      },
    },
    405,
  ],
  ['a rebound host name', `/callback${ours}`, { headers: { host: 'evil.example' } }, 421],
  ['the host without its port', `/callback${ours}`, { headers: { host: 'localhost' } }, 421],
  ['a prefetch', `/callback${ours}`, { headers: { 'sec-purpose': 'prefetch' } }, 503],
  ['a prerender', `/callback${ours}`, { headers: { 'sec-purpose': 'prefetch;prerender' } }, 503],
  ['an old prefetch', `/callback${ours}`, { headers: { purpose: 'prefetch' } }, 503],
  ['no parameters', '/callback', {}, 400],
  ['a wrong state', '/callback?code=c&state=wrong', {}, 400],
  ['an empty state', '/callback?code=c&state=', {}, 400],
  ['a longer state', `/callback${ours}x`, {}, 400],
  ['a code without state', '/callback?code=c', {}, 400],
  ['an error without state', '/callback?error=access_denied', {}, 400],
  ['an error with a wrong state', '/callback?error=access_denied&state=wrong', {}, 400],
  ['our state twice', `/callback${ours}&state=${state}`, {}, 400],
  ['our state and a wrong one', `/callback${ours}&state=wrong`, {}, 400],
  ['two codes', `/callback${ours}&code=d`, {}, 400],
  ['two issuers', `/callback${ours}&iss=a&iss=b`, {}, 400],
  ['our state alone', `/callback?state=${state}`, {}, 400],
  ['a code and an error', `/callback${ours}&error=e`, {}, 400],
];

describe('a request that is not the response', () => {
  it.each(strangers)('has no effect: %s', async (_name, target, question, status) => {
    const { listener, reports } = await listen();
    const response = listener.response(state);
    const answer = await ask(new URL(target, listener.redirectUri).href, question);
    expect(answer.status).toBe(status);
    expect(answer.headers.allow).toBe(status === 405 ? 'GET' : undefined);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.message).not.toContain(state);

    ask(listener.redirectUri + ours).catch(() => {});
    expect((await response).url).toBe(listener.redirectUri + ours);
  });

  it('is a literal address where the redirect URI says localhost', async () => {
    const { listener } = await listen();
    const answer = await ask(listener.redirectUri.replace('localhost', '127.0.0.1') + ours);
    expect(answer.status).toBe(421);
  });

  it('may name two hosts, or none', async () => {
    const { listener, port } = await listen();
    void listener.response(state);
    const host = `Host: localhost:${port}\r\n`;
    const twice = await say(port, `GET /callback${ours} HTTP/1.1\r\n${host}${host}\r\n`);
    expect(await hear(twice)).toMatch(/^HTTP\/1.1 421 /);
    const never = await say(port, `GET /callback${ours} HTTP/1.0\r\n\r\n`);
    expect(await hear(never)).toMatch(/^HTTP\/1.1 421 /);
  });

  it('may ask as if for a proxy, or for nothing', async () => {
    const { listener, port } = await listen();
    void listener.response(state);
    for (const target of [
      `http://localhost:${port}/callback${ours}`,
      `//localhost:${port}/callback${ours}`,
    ]) {
      const socket = await say(port, `GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
      expect(await hear(socket)).toMatch(/^HTTP\/1.1 404 /);
    }
    const options = await say(port, `OPTIONS * HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    expect(await hear(options)).toMatch(/^HTTP\/1.1 404 /);
  });

  it('is everything that comes before a state is awaited', async () => {
    const { listener, reports } = await listen();
    expect((await ask(listener.redirectUri + ours)).status).toBe(400);
    expect(reports).toEqual([
      {
        reason: 'other',
        message: 'A request to the callback address came before the sign-in began; ignored, still waiting.',
      },
    ]);
  });
});

describe('what the terminal is told of strangers', () => {
  it('names a wrong and a missing state, and never shows one', async () => {
    const { listener, reports } = await listen();
    void listener.response(state);
    await ask(`${listener.redirectUri}?code=secret-code&state=secret-state`);
    await ask(`${listener.redirectUri}?error=secret-error`);
    expect(reports.map(({ reason }) => reason)).toEqual(['wrong_state', 'missing_state']);
    expect(JSON.stringify(reports)).not.toContain('secret');
  });

  it('tells the person in the browser that the terminal still waits', async () => {
    const { listener } = await listen();
    void listener.response(state);
    const { body } = await ask(`${listener.redirectUri}?code=secret-code&state=secret-state`);
    expect(body).toContain('<h1>The terminal did not ask for this</h1>');
    expect(body).toContain('The terminal still waits');
    expect(body).not.toContain('secret');
  });

  it('claims no wait when there is none any more', async () => {
    const { listener, reports } = await listen();
    const response = listener.response(state);
    const browser = ask(listener.redirectUri + ours);
    const { finish } = await response;
    const late = await ask(`${listener.redirectUri}?code=c&state=wrong`);
    expect(late.body).not.toContain('still waits');
    expect(reports).toEqual([
      { reason: 'wrong_state', message: expect.not.stringContaining('still waiting') },
    ]);
    void finish(signedIn);
    await browser;
  });

  it('does not repeat a path made to disturb a terminal', async () => {
    const { reports, port } = await listen();
    await hear(await say(port, `GET /\x1b[31m HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`));
    await hear(await say(port, `GET /${'a'.repeat(500)} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`));
    expect(reports).toHaveLength(2);
    for (const { message } of reports) expect(message).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  it('stays a few lines in a flood', async () => {
    const { listener, reports } = await listen();
    void listener.response(state);
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 10 }, () => ask(`${listener.redirectUri}?code=c&state=wrong`)));
    }
    expect(reports).toHaveLength(5);
    expect(reports[4]?.message).toContain('(100 like it so far)');
  });
});
