import { beforeAll, describe, expect, it } from 'vitest';
import { signIn, startAttack } from '../support/attacked-client.js';
import { startLocalServer } from '../support/local-server.js';
import { itIsRefused } from './refusals.js';

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'userinfo_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
  'pushed_authorization_request_endpoint',
  'device_authorization_endpoint',
];

/** A server that must hear nothing, by names that are not loopback though they lead here. */
let port = 0;
const heard: string[] = [];
beforeAll(async () => {
  const server = await startLocalServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end();
  });
  port = server.port;
  return () => server.close();
});

describe.each(endpoints)('a discovery document is refused whose %s', (endpoint) => {
  it.each([
    ['is plain http on this machine by a name that is not loopback', () => `http://0.0.0.0:${port}/x`],
    ['is plain http elsewhere', () => 'http://192.0.2.1/x'],
    ['only begins like loopback', () => `http://127.0.0.1.evil.test:${port}/x`],
    ['only begins like localhost', () => `http://localhost.evil.test:${port}/x`],
    ['has loopback as its user name', () => `http://localhost:${port}@evil.test/x`],
    ['is an address of this machine in IPv6 clothes', () => `http://[::ffff:127.0.0.1]:${port}/x`],
    ['is a file', () => 'file:///etc/passwd'],
    ['is data', () => 'data:application/json,{}'],
    ['is a script', () => 'javascript:alert(1)'],
    ['is a web socket', () => `ws://localhost:${port}/x`],
    ['is relative', () => '/token'],
    ['is a number', () => 1],
    ['is a list', () => [`http://localhost:${port}/x`]],
    ['is empty', () => ''],
  ])('%s', async (_, address) => {
    const attack = await startAttack();
    attack.lying.lies = { discovery: (document) => ({ ...document, [endpoint]: address() }) };
    await attack.refuses(signIn, { code: 'discovery_invalid', requests: ['discovery'] });
    expect(heard).toEqual([]);
  });
});

describe('a discovery document is refused', () => {
  itIsRefused([
    {
      what: 'that is nested ten thousand levels deep',
      lies: (lying) => ({
        answers: {
          discovery: { body: `{"issuer":"${lying.issuer}","x":${'['.repeat(1e4)}${']'.repeat(1e4)}}` },
        },
      }),
      refused: { code: 'discovery_invalid', requests: ['discovery'] },
    },
    {
      what: 'that names another issuer the second time',
      lies: (lying) => ({
        answers: {
          discovery: { body: `{"issuer":"${lying.issuer}","issuer":"https://other.test"}` },
        },
      }),
      refused: { code: 'issuer_mismatch', requests: ['discovery'] },
    },
    ...[null, 1, '', ['x'], { x: 1 }].map((issuer) => ({
      what: `whose issuer is ${JSON.stringify(issuer)}`,
      lies: { discovery: (document: Readonly<Record<string, unknown>>) => ({ ...document, issuer }) },
      refused: {
        code: issuer === '' ? ('issuer_mismatch' as const) : ('discovery_invalid' as const),
        requests: ['discovery' as const],
      },
    })),
  ]);

  it('whatever it says about itself: a claim on the prototype of everything does nothing', async () => {
    const attack = await startAttack();
    attack.lying.lies = {
      discovery: (document) => JSON.parse(`{"__proto__":{"polluted":1},${JSON.stringify(document).slice(1)}`),
    };
    await signIn(attack);
    expect(({} as Readonly<Record<string, unknown>>)['polluted']).toBeUndefined();
  });
});
