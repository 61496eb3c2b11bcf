import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ask, hear, say } from './http-client.js';
import { listen, secure, signedIn, state } from './listener.js';

describe('finishing', () => {
  it('waits 2 seconds for a browser that does not fetch the final page', async () => {
    const { listener } = await listen();
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
    const { finish } = await response;
    const start = performance.now();
    await finish(signedIn);
    expect(performance.now() - start).toBeGreaterThan(1900);
    expect((await browser).status).toBe(303);
  });

  it('does not wait for a browser that has gone', async () => {
    const { listener, port } = await listen();
    const response = listener.response(state);
    const browser = await say(
      port,
      `GET /callback?code=c&state=${state} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`,
    );
    const { finish } = await response;
    // Closed on both ends then.
    browser.end();
    await once(browser, 'close');
    const start = performance.now();
    await finish(signedIn);
    expect(performance.now() - start).toBeLessThan(1900);
  });

  it('ends with the listener', async () => {
    const { listener } = await listen();
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
    const { finish } = await response;
    const start = performance.now();
    const finished = finish(signedIn);
    await browser;
    await listener.close();
    await finished;
    expect(performance.now() - start).toBeLessThan(1900);
  });
});

it('gives a TLS handshake ten seconds', async () => {
  const { port } = await listen(secure);
  const start = performance.now();
  const heard = hear(await say(port));
  expect(await heard).toBe('');
  const took = performance.now() - start;
  expect(took).toBeGreaterThan(9000);
  expect(took).toBeLessThan(20_000);
});

it('answers a stranger and still hears the true response sent behind it on one connection', async () => {
  const { listener, port } = await listen();
  const response = listener.response(state);
  const rest = `HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;
  const socket = await say(port, `GET /other ${rest}GET /callback?code=c&state=${state} ${rest}`);
  const heard = hear(socket);
  const { finish } = await response;
  expect(await heard).toMatch(/^HTTP\/1.1 404 /);
  const start = performance.now();
  await finish(signedIn);
  expect(performance.now() - start).toBeLessThan(1900);
});
