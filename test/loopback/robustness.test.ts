import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ask, hear, say } from './http-client.js';
import { hasIpv6, listen, signedIn, state } from './listener.js';

describe('connections that say nothing', () => {
  it('do not keep the true response from being heard, nor the listener from ending', async () => {
    const { listener, port } = await listen();
    const response = listener.response(state);
    const slow = 'GET /callback?code=';
    const addresses = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];
    const sockets = await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        say(port, index % 2 ? slow : '', addresses[index % addresses.length]),
      ),
    );
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
    const { finish } = await response;
    const closed = sockets.map((socket) => (socket.closed ? null : once(socket, 'close')));
    // More of them come while the browser waits for its answer.
    const later = await Promise.all(Array.from({ length: 300 }, () => say(port)));
    await Promise.all(closed);
    const finished = finish(signedIn);
    const final = await browser;
    expect(final.status).toBe(303);
    expect((await ask(new URL(final.headers.location ?? '', listener.redirectUri).href)).status).toBe(200);
    await finished;
    await listener.close();
    for (const socket of later) if (!socket.closed) await once(socket, 'close');
  });
});

describe('what cannot be parsed', () => {
  it.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['a bad header', 'GET /callback HTTP/1.1\r\nHost localhost\r\n\r\n', 400],
    ['no host', 'GET /callback HTTP/1.1\r\n\r\n', 400],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['an endless header', `GET /callback HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ['an endless address', `GET /callback?code=${'x'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
  ])('is answered and has no effect: %s', async (_name, words, status) => {
    const { listener, port, reports } = await listen();
    const response = listener.response(state);
    const answer = await hear(await say(port, words));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(reports.length).toBeLessThan(2);
    ask(`${listener.redirectUri}?code=c&state=${state}`).catch(() => {});
    await response;
  });

  it('says what to do when the cookies of localhost are too many', async () => {
    const { listener, reports } = await listen();
    await ask(listener.redirectUri, { headers: { cookie: 'x'.repeat(70_000) } });
    expect(reports).toEqual([
      {
        reason: 'other',
        message:
          'A malformed request was answered 431 Request Header Fields Too Large and had no effect: ' +
          'delete the cookies of localhost in the browser.',
      },
    ]);
  });
});

it('hears the true response under a heap of cookies of other programs on localhost', async () => {
  const { listener } = await listen();
  const response = listener.response(state);
  ask(`${listener.redirectUri}?code=c&state=${state}`, { headers: { cookie: 'x'.repeat(40_000) } }).catch(
    () => {},
  );
  await response;
});

it('is not disturbed by what comes behind the true response on its connection', async () => {
  const { listener, port } = await listen();
  const response = listener.response(state);
  const rest = `HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;
  const socket = await say(port, `GET /callback?code=c&state=${state} ${rest}GET /other ${rest}`);
  const heard = hear(socket);
  void (await response).finish(signedIn);
  expect((await heard).match(/^HTTP\/1.1 .*$/gm)).toEqual(['HTTP/1.1 303 See Other']);
});

it('closes twice as well as once, and leaves the port free', async () => {
  const { listener, port } = await listen();
  await Promise.all([listener.close(), listener.close()]);
  await listener.close();
  await listen({ redirectUri: `http://localhost:${port}/callback` });
});
