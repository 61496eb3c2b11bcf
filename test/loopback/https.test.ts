import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { countedProcesses } from '../support/counted-processes.js';
import { ask, hear, say, saySecurely } from './http-client.js';
import { hasIpv6, listen, secure, signedIn, state } from './listener.js';

/** A TLS handshake that has begun, and goes on for ever (RFC 8446, section 5.1). */
const begun = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';

/** Asks as the browser that has the response. */
function comeBack(redirectUri: string, options = {}) {
  return ask(`${redirectUri}?code=c&state=${state}`, options);
}

describe('a listener with a certificate', () => {
  it.each(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])('answers over https alone, on %s', async (address) => {
    const { listener, port } = await listen(secure);
    expect(listener.redirectUri).toBe(`https://localhost:${port}/callback`);
    const response = listener.response(state);
    const start = listener.redirectOnce('https://id.example/auth?x=y');
    const short = listener.shortAddress('https://id.example/auth?x=y');
    for (const [url, path] of [
      [start, /^\/start\/[\w-]{32}$/],
      [short, /^\/[a-z]{12}$/],
    ] as const) {
      expect(new URL(url).origin).toBe(`https://localhost:${port}`);
      expect(new URL(url).pathname).toMatch(path);
      expect((await ask(url, { address })).headers.location).toBe('https://id.example/auth?x=y');
    }
    expect((await ask(start, { address })).status).toBe(404);

    const browser = comeBack(listener.redirectUri, { address });
    const { url, isConfirmed, finish } = await response;
    expect(url).toBe(`https://localhost:${port}/callback?code=c&state=${state}`);
    expect(isConfirmed).toBe(true);
    const finished = finish(signedIn);
    const { status, headers } = await browser;
    expect(status).toBe(303);
    // What would keep the browser to https for whatever else runs on localhost.
    expect(headers['strict-transport-security']).toBeUndefined();
    const page = await ask(new URL(headers.location ?? '', listener.redirectUri).href, { address });
    expect(page.body).toContain('You are signed in');
    await finished;
  });

  it('hears the return from a sign-out', async () => {
    const { listener } = await listen({ ...secure, kind: 'sign-out', redirectUri: 'https://localhost:0/' });
    const response = listener.response(state);
    ask(`${listener.redirectUri}?state=${state}`).catch(() => {});
    expect((await response).isConfirmed).toBe(true);
  });

  it('does not answer what comes without TLS, says so, and waits on', async () => {
    const { listener, port, reports, unusable } = await listen(secure);
    const response = listener.response(state);
    const words = `GET /callback?code=c&state=${state} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;
    expect(await hear(await say(port, words))).toBe('');
    expect(await hear(await say(port, words))).toBe('');
    await expect.poll(() => listener.unusable.count).toBe(2);
    expect(unusable).toEqual(['A request came with http:, where only https: is answered.']);
    expect(reports).toEqual([]);
    comeBack(listener.redirectUri).catch(() => {});
    expect((await response).isConfirmed).toBe(true);
  });

  it.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    ['a record of nobody', Buffer.alloc(20_000, 0x16)],
    ['a message out of turn', Buffer.concat([Buffer.from([0x16, 3, 1, 0x40, 0]), Buffer.alloc(20_000)])],
  ])('ends what is no handshake, without a word: %s', async (_, words) => {
    const { listener, port, reports, unusable } = await listen(secure);
    const response = listener.response(state);
    const socket = await say(port);
    socket.write(words);
    expect(await hear(socket)).not.toContain('HTTP');
    expect([reports, unusable, listener.distrusted]).toEqual([[], [], 0]);
    comeBack(listener.redirectUri).catch(() => {});
    await response;
  });

  it('tells once of a browser that does not trust the certificate', async () => {
    const { listener, port, unusable } = await listen(secure);
    void listener.response(state);
    for (const [version, count] of [
      ['-tls1_2', 1],
      ['-tls1_3', 2],
    ] as const) {
      // It says so as browsers do, by an alert, and does not just leave.
      const client = await countedProcesses.start(() =>
        spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-verify_return_error', version], {
          stdio: 'ignore',
        }),
      );
      await once(client, 'close');
      await expect.poll(() => listener.distrusted).toBe(count);
    }
    expect(unusable).toEqual([
      'Whoever came does not trust the certificate of --tls-cert: in a browser, go on past its warning, or have it trusted.',
    ]);
    expect(listener.unusable).toMatchObject({ count: 0, problems: [] });
  });

  it('is not kept from hearing, nor from ending, by handshakes that go on for ever', async () => {
    const { listener, port } = await listen(secure);
    const response = listener.response(state);
    const sockets = await Promise.all(Array.from({ length: 600 }, (_, i) => say(port, i % 2 ? begun : '')));
    const browser = comeBack(listener.redirectUri);
    const { finish } = await response;
    const closed = sockets.map((socket) => (socket.closed ? null : once(socket, 'close')));
    // Who waits for an answer is not pushed out by those who come later.
    const later = await Promise.all(Array.from({ length: 600 }, (_, i) => say(port, i % 2 ? begun : '')));
    await Promise.all(closed);
    void finish(signedIn);
    expect((await browser).status).toBe(303);
    await listener.close();
    for (const socket of later) if (!socket.closed) await once(socket, 'close');
  });

  it('takes no TLS inside of TLS for a browser that came by https', async () => {
    const { listener, port, unusable } = await listen(secure);
    expect(await hear(await saySecurely(port, begun))).toMatch(/^HTTP\/1.1 400 /);
    expect([unusable, listener.unusable.count]).toEqual([[], 0]);
  });
});
