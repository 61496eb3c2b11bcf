import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/errors.js';
import { type Deed, refresh, signIn, startAttack, userInfo } from '../support/attacked-client.js';
import { bomb, dripping, endless, silent, stalling, truncated } from '../support/hostile-answers.js';
import type { Answer, Answering, Step } from '../support/lies.js';
import { createSigningKey, type Json } from '../support/signed-jwt.js';
import { type HostileCase, itIsRefused } from './refusals.js';

/** Every request of ours whose answer matters, and what an answer is called there that cannot be used. */
const steps: readonly { step: Step; when: string; deed: Deed; code: ErrorCode; requests: Step[] }[] = [
  { step: 'discovery', when: 'discovery', deed: signIn, code: 'discovery_invalid', requests: ['discovery'] },
  {
    step: 'token',
    when: 'the code exchange',
    deed: signIn,
    code: 'token_response_invalid',
    requests: ['discovery', 'token'],
  },
  {
    step: 'jwks',
    when: 'the keys',
    deed: signIn,
    code: 'jwks_invalid',
    requests: ['discovery', 'token', 'jwks'],
  },
  {
    step: 'token',
    when: 'a refresh',
    deed: refresh,
    code: 'token_response_invalid',
    requests: ['discovery', 'jwks', 'token'],
  },
  {
    step: 'userinfo',
    when: 'UserInfo',
    deed: userInfo,
    code: 'userinfo_invalid',
    requests: ['discovery', 'userinfo'],
  },
];

/** Milliseconds: what is waited for must end, and need not take long. */
const timeout = 300;

const tooMuch = { says: 'more than 1048576 bytes' };

const answers: readonly [
  what: string,
  answer: Answer | Answering,
  instead?: { readonly code?: ErrorCode; readonly says?: string },
][] = [
  ['5 MB', { body: ' '.repeat(5_000_000) }, tooMuch],
  ['a body without end', endless, tooMuch],
  ['a gzip bomb', bomb('gzip'), tooMuch],
  ['a deflate bomb', bomb('deflate'), tooMuch],
  ['a brotli bomb', bomb('br'), tooMuch],
  ['a body that drips', dripping, { code: 'request_timeout' }],
  ['a body that stops', stalling, { code: 'request_timeout' }],
  ['silence', silent, { code: 'request_timeout' }],
  ['less than was promised', truncated, { code: 'network_unreachable' }],
  [
    'a hang-up',
    (_, response) => {
      response.destroy();
      return 'handled';
    },
    { code: 'network_unreachable' },
  ],
  ['what is not gzip', { headers: { 'Content-Encoding': 'gzip' }, body: '{}' }, { code: 'provider_error' }],
  [
    'an encoding nobody asked for',
    { headers: { 'Content-Encoding': 'zstd' }, body: '{}' },
    { code: 'provider_error' },
  ],
  [
    'an encoding twice',
    { headers: { 'Content-Encoding': 'gzip, gzip' }, body: '{}' },
    { code: 'provider_error' },
  ],
  [
    'headers without measure',
    { headers: { 'X-Big': 'x'.repeat(100_000) }, body: '{}' },
    { code: 'provider_error' },
  ],
  ['500', { status: 500, body: '<html>' }, { code: 'provider_error' }],
  ['429', { status: 429 }, { code: 'provider_error' }],
];

describe.each(steps)('$when is refused that answers with', ({ step, deed, code, requests }) => {
  itIsRefused(
    answers.map(([what, answer, { code: instead = code, says = '' } = {}]): HostileCase => {
      const isWait = instead === 'request_timeout';
      return {
        what,
        lies: { answers: { [step]: answer } },
        deed,
        refused: { code: instead, requests },
        says,
        ...(isWait && { options: { timeout } }),
      };
    }),
  );
});

describe('keys', () => {
  const others = (count: number, more: Json = {}) =>
    Array.from({ length: count }, (_, index) => ({
      kty: 'EC',
      crv: 'P-256',
      kid: `other-${index}`,
      ...more,
    }));

  it('are found among 5,000 others', async () => {
    const attack = await startAttack();
    attack.lying.lies.jwks = ({ keys }) => ({ keys: [...others(5000), ...(keys as Json[])] });
    expect(await (await signIn(attack)).isAuthenticated()).toBe(true);
  });

  itIsRefused([
    {
      what: 'of which 5,000 are more than 1 MB are refused',
      lies: {
        jwks: ({ keys }) => ({ keys: [...others(5000, { x5c: ['A'.repeat(200)] }), ...(keys as Json[])] }),
      },
      refused: { code: 'jwks_invalid', requests: ['discovery', 'token', 'jwks'] },
    },
    {
      what: 'of which 5,000 could be the one are not tried one by one',
      lies: (lying) => ({
        jwks: ({ keys }) => ({ keys: Array.from({ length: 5000 }, () => keys).flat() }),
        idToken: (_, claims) => lying.sign({ kid: undefined }, claims),
      }),
      refused: { code: 'id_token_invalid', reason: 'key', requests: ['discovery', 'token', 'jwks'] },
    },
    {
      what: 'of which two have one name are refused',
      lies: (lying) => ({ jwks: ({ keys }) => ({ keys: [...(keys as Json[]), { ...lying.keys[0]?.jwk }] }) }),
      refused: { code: 'id_token_invalid', reason: 'key', requests: ['discovery', 'token', 'jwks'] },
    },
    {
      what: 'that are nested ten thousand levels deep are refused',
      lies: {
        answers: { jwks: { body: `{"keys":[{"kty":${'['.repeat(1e4)}${']'.repeat(1e4)}}]}` } },
      },
      refused: { code: 'jwks_invalid', requests: ['discovery', 'token', 'jwks'] },
    },
  ]);

  it('are asked for once more, and not again, where none is the right one', async () => {
    const attack = await startAttack();
    const client = await signIn(attack);
    attack.lying.lies.idToken = () => ({ header: { kid: 'unknown' } });
    const again = async () => {
      const url = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
      await client.handleSignInCallback(await attack.lying.authorize(url));
    };
    await attack.refuses(again, {
      code: 'id_token_invalid',
      reason: 'key',
      requests: ['token', 'jwks'],
    });
  });

  it('that are out of reach at a refresh cost no session: its new refresh token is kept, and nothing else', async () => {
    const attack = await startAttack();
    const [before = ''] = await attack.stored();
    attack.lying.keys = [createSigningKey('new')];
    attack.lying.lies = { answers: { jwks: { status: 503 } } };
    const { error } = await attack.attempt(refresh);
    expect(error?.code).toBe('provider_error');
    const [after = ''] = await attack.stored();
    const { refreshToken, ...rest } = JSON.parse(after ?? '');
    expect({ refreshToken, ...rest }).toEqual({ ...JSON.parse(before ?? ''), refreshToken });
    expect(attack.lying.issued.at(-1)).not.toBe(refreshToken);
    expect(attack.lying.issued.filter((token) => token.startsWith('refresh-')).at(-1)).toBe(refreshToken);
  });
});
