import { describe, expect, it } from 'vitest';
import { isLoopbackAddress } from '../../src/local-address.js';
import { addressesToBind, listenAddress } from '../../src/loopback/listen-address.js';
import { failureOf } from '../support/failure-of.js';
import { freePort } from '../support/free-port.js';
import { holdPort } from '../support/held-port.js';
import { ask } from './http-client.js';
import { hasIpv6, listen, signedIn, state } from './listener.js';
import { ownAddress } from './own-address.js';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.1.2.3', '127.1.2.3', true],
    ['::1', '::1', true],
    ['[::1]', '::1', true],
    ['0:0:0:0:0:0:0:1', '::1', true],
    [' LOCALHOST ', 'localhost', true],
    ['0.0.0.0', '0.0.0.0', false],
    ['::', '::', false],
    ['192.168.0.7', '192.168.0.7', false],
    ['2001:DB8::1', '2001:db8::1', false],
    ['fe80::1%eth0', 'fe80::1%eth0', false],
    // Loopback in another dress is nothing that a redirect URI names.
    ['::ffff:127.0.0.1', '::ffff:7f00:1', false],
  ])('%j is %s, loopback: %s', (typed, address, isLoopback) => {
    expect(listenAddress(typed)).toBe(address);
    expect(isLoopbackAddress(address)).toBe(isLoopback);
  });

  it.each([
    '',
    'all',
    '*',
    'myhost',
    'localhost.evil.example',
    '127.1',
    '0',
    '127.0.0.1/8',
    'http://127.0.0.1',
  ])('is none as %j', async (typed) => {
    const { code, hint } = await failureOf(() => listenAddress(typed));
    expect(code).toBe('config_invalid');
    expect(hint).toContain('--listen 127.0.0.1');
  });

  it.each([
    ['0.0.0.0:3000', '--listen 0.0.0.0 --port 3000'],
    ['localhost:80', '--listen localhost --port 80'],
    ['[::1]:3000', '--listen ::1 --port 3000'],
  ])('has no port: %s', async (typed, instead) => {
    expect((await failureOf(() => listenAddress(typed))).hint).toBe(`Use ${instead}`);
  });
});

describe('what is bound', () => {
  const localhost = ['127.0.0.1', '::1'];
  it.each([
    [undefined, localhost, localhost],
    ['localhost', ['::1'], localhost],
    ['127.0.0.1', localhost, ['127.0.0.1']],
    ['::1', localhost, ['::1']],
    ['0.0.0.0', localhost, ['0.0.0.0', '::1']],
    ['0.0.0.0', ['127.0.0.1'], ['0.0.0.0']],
    ['::', localhost, ['0.0.0.0', '::']],
    ['192.168.0.7', localhost, ['192.168.0.7', ...localhost]],
    ['2001:db8::1', ['127.0.0.1'], ['2001:db8::1', '127.0.0.1']],
  ])('of %s, with a redirect URI at %j, is %j', (chosen, ofHost, bound) => {
    expect(addressesToBind(ofHost, chosen)).toEqual(bound);
  });

  it.each<[string, readonly string[]]>([
    ['0.0.0.0', ['127.0.0.1', ownAddress, ...(hasIpv6 ? ['::1'] : [])]],
    ...(hasIpv6 ? [['::', ['127.0.0.1', ownAddress, '::1']] satisfies [string, string[]]] : []),
    [ownAddress, [ownAddress, '127.0.0.1', ...(hasIpv6 ? ['::1'] : [])]],
  ])('by %s hears the response at %j, under the name of the redirect URI alone', async (address, reached) => {
    for (const at of reached) {
      const { listener, port } = await listen({ address });
      const response = listener.response(state);
      const query = `?code=c&state=${state}`;
      const direct = `http://${ownAddress}:${port}/callback${query}`;
      expect((await ask(direct, { address: at })).status).toBe(421);
      expect((await ask(`http://localhost:${port}/callback?code=c`, { address: at })).status).toBe(400);
      const browser = ask(listener.redirectUri + query, { address: at });
      const { url, finish } = await response;
      expect(url).toBe(`http://localhost:${port}/callback${query}`);
      void finish(signedIn);
      expect((await browser).status).toBe(303);
      await listener.close();
    }
  });

  it.runIf(hasIpv6)(
    'is nothing where somebody else has what a browser of this machine may go to',
    async () => {
      const port = await freePort();
      await holdPort(port, '::1');
      const redirectUri = `http://localhost:${port}/callback`;
      const failure = await failureOf(listen({ redirectUri, address: '0.0.0.0' }));
      expect(failure).toMatchObject({ code: 'port_in_use', details: { address: '::1' } });
    },
  );

  it('names who holds one of all addresses', async () => {
    const port = await freePort();
    await holdPort(port, '127.0.0.1');
    const redirectUri = `http://localhost:${port}/callback`;
    const failure = await failureOf(listen({ redirectUri, address: '0.0.0.0' }));
    expect(failure).toMatchObject({ code: 'port_in_use', details: { address: '0.0.0.0' } });
    if (process.platform === 'linux') expect(failure.details).toMatchObject({ pid: process.pid });
  });

  it('is nothing at an address that this machine lacks, though it has the loopback ones', async () => {
    // TEST-NET-3 (RFC 5737).
    const failure = await failureOf(listen({ address: '203.0.113.77' }));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: 'This machine has no address 203.0.113.77 to listen on.',
    });
    expect(failure.hint).toContain('--listen');
  });
});
