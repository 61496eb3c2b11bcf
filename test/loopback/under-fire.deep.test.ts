import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { attackAtOnce, attacks, attackWith, holdOpen, requestWords } from './attacks.js';
import { ask } from './http-client.js';
import { hasIpv6, listen, secure, signedIn, state } from './listener.js';
import { ownAddress } from './own-address.js';

const addresses = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];

/** Bytes of the heap that are in use once everything that can be collected has been. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe.each([
  ...addresses.map((address) => ({ over: 'http', address, options: {} })),
  // As from another machine.
  { over: 'http', address: ownAddress, options: { address: '0.0.0.0' } },
  { over: 'https', address: '127.0.0.1', options: secure },
])('on $address over $over', ({ over, address, options }) => {
  const isSecure = over === 'https';

  it.each(attacks)('$name is answered $status and has no effect', async (attack) => {
    const { listener, port } = await listen(options);
    let arrived = false;
    const response = listener.response(state).then((it) => {
      arrived = true;
      return it;
    });
    expect(await attackWith(attack, { port, state, isSecure }, address)).toBe(attack.status);
    expect(arrived).toBe(false);
    const url = `${listener.redirectUri}?code=the-true-one&state=${state}`;
    const browser = ask(url, { address });
    const { url: heard, finish } = await response;
    expect(heard).toBe(url);
    void finish(signedIn);
    expect((await browser).status).toBe(303);
  });
});

describe.each([
  ['http', {}],
  ['https', secure],
] as const)('under fire over %s', (over, options) => {
  const isSecure = over === 'https';
  // A handshake takes both sides of it a hundred times as long as a connection.
  const count = isSecure ? 200 : 1000;

  it('a wrong state is told at once, whatever else has come', async () => {
    const { listener, port, reports } = await listen(options);
    void listener.response(state);
    const others = attacks.filter(({ status }) => status !== 400);
    for (const other of others) await attackWith(other, { port, state, isSecure }, '127.0.0.1');
    expect(reports.map(({ reason }) => reason)).toEqual(Array(reports.length).fill('other'));
    expect(reports.length).toBeLessThan(6);
    await ask(`${listener.redirectUri}?code=c&state=wrong`);
    expect(reports.at(-1)).toMatchObject({ reason: 'wrong_state' });
  });

  it('thousands of strangers take no memory and few words, and the true response wins', async () => {
    const { listener, port, reports } = await listen(options);
    const target = { port, state, isSecure };
    const response = listener.response(state);
    const rest = async () => {
      expect(await attackAtOnce(target, addresses, count)).toEqual([]);
    };
    await rest();
    const before = heapInUse();
    await rest();
    await rest();
    expect(heapInUse() - before).toBeLessThan(4_000_000);
    // Three of each reason, then the 10th, 100th and 1000th.
    expect(reports.length).toBeLessThanOrEqual(3 * 6);
    expect(JSON.stringify(reports)).not.toContain(state);
    for (const { message } of reports) expect(message).toMatch(/^[\x20-\x7e]{1,200}$/);

    const slow = requestWords(target).slice(0, -10);
    const sockets = await holdOpen(target, addresses, isSecure ? 300 : 400, ['', slow]);
    const more = attackAtOnce(target, addresses, count / 2);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
    const { finish } = await response;
    const finished = finish(signedIn);
    const { headers } = await browser;
    const page = await ask(new URL(headers.location ?? '', listener.redirectUri).href);
    expect(page.body).toContain('You are signed in');
    await finished;
    const start = performance.now();
    await listener.close();
    expect(performance.now() - start).toBeLessThan(1000);
    await more;
    await sockets.closed;
  });

  it('the true response is heard although a crowd pushes in right behind it', async () => {
    const { listener, port } = await listen(options);
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`, { address: '127.0.0.1' });
    const crowd = await holdOpen({ port, isSecure }, ['127.0.0.1'], 400, ['']);
    void (await response).finish(signedIn);
    expect((await browser).status).toBe(303);
    await listener.close();
    await crowd.closed;
  });
});
