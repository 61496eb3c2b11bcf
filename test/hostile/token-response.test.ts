import { describe, expect, it } from 'vitest';
import { type Deed, refresh, signIn, startAttack } from '../support/attacked-client.js';
import type { Lies } from '../support/lies.js';
import type { Refused } from '../support/refusal.js';
import type { Json } from '../support/signed-jwt.js';
import { type HostileCase, itIsRefused } from './refusals.js';

const code = 'token_response_invalid';
const atSignIn: Refused = { code, requests: ['discovery', 'token'] };
/** The keys come first: an answer that waits for them could be lost with its refresh token. */
const atRefresh: Refused = { code, requests: ['discovery', 'jwks', 'token'] };

/** A token response with other fields: `undefined` leaves one out. */
const having = (fields: Json): Lies => ({ tokenResponse: (body) => ({ ...body, ...fields }) });

const hostileTokens: readonly unknown[] = [
  1,
  true,
  ['access-token'],
  { token: 'access-token' },
  'with\r\nX-Injected: header',
  'with\u001b]0;an escape sequence\u0007',
  'with a NUL\0 in it',
  'with an \u00fcmlaut',
  'with a \u202eright-to-left override',
];

const fields: readonly [field: string, values: readonly unknown[]][] = [
  ['access_token', [undefined, null, '', ...hostileTokens]],
  ['refresh_token', hostileTokens],
  ['id_token', hostileTokens],
  ['token_type', [undefined, null, '', 'mac', 'DPoP', 'N_A', 'Bearer ', 'Bearer\r\n', 1, ['Bearer'], {}]],
  ['scope', [1, true, [1], [['openid']], ['openid', null], { openid: true }]],
  ['expires_in', [-1, -1e300, '-1', '1e3', '3600s', ' 3600', '', true, [3600], {}]],
];

const deeds: readonly (readonly [when: string, deed: Deed, refused: Refused])[] = [
  ['at a sign-in', signIn, atSignIn],
  ['at a refresh', refresh, atRefresh],
];

describe.each(deeds)('%s a token response is refused whose', (_, deed, refused) => {
  itIsRefused(
    fields.flatMap(([field, values]) =>
      values.map(
        (value): HostileCase => ({
          what: `${field} is ${JSON.stringify(value) ?? 'absent'}`,
          lies: having({ [field]: value }),
          deed,
          refused,
        }),
      ),
    ),
  );

  const bodies = {
    nothing: '',
    'a list': '[]',
    null: 'null',
    'a text': '"access_token"',
    HTML: '<!doctype html><title>Wi-Fi</title>',
    'a form': 'access_token=access-1&token_type=Bearer',
    'cut-off JSON': '{"access_token":"access-12345678","token_type":"Bea',
    'two documents': '{"access_token":"a-token-1"}{"access_token":"a-token-2"}',
    'a number that is none': '{"access_token":"a-token-1","token_type":"Bearer","expires_in":NaN}',
    'JSON of ten thousand levels': `{"access_token":"a-token-1","token_type":"Bearer","x":${'['.repeat(1e4)}${']'.repeat(1e4)}}`,
  };
  itIsRefused(
    Object.entries(bodies).map(
      ([what, body]): HostileCase => ({
        what: `body is ${what}`,
        lies: { answers: { token: { headers: { 'Content-Type': 'application/json' }, body } } },
        deed,
        refused,
      }),
    ),
  );

  itIsRefused(
    [201, 202, 203, 204, 206, 304, 400, 401, 403, 404, 418].map(
      (status): HostileCase => ({
        what: `status is ${status}, whatever is in it`,
        lies: {
          answers: {
            token: {
              status,
              body: { access_token: 'access-12345678', token_type: 'Bearer', expires_in: 3600 },
            },
          },
        },
        deed,
        refused,
      }),
    ),
  );
});

describe('a token response is taken', () => {
  it.each(['application/json', 'text/html', 'text/plain; charset=iso-8859-1', 'nonsense', ''])(
    'of the content type %j, since its body is what counts',
    async (type) => {
      const attack = await startAttack({ headers: { token: { 'Content-Type': type } } });
      expect(await (await signIn(attack)).isAuthenticated()).toBe(true);
    },
  );

  it.each([
    [0, 0],
    [0.5, 0],
    [3600.9, 3600],
    ['3600', 3600],
    [1e300, 2_147_483_647],
    ['9'.repeat(400), 2_147_483_647],
    [null, null],
  ])('that lasts for %j seconds, as one of %j', async (expires_in, seconds) => {
    const attack = await startAttack(having({ expires_in }));
    const before = Date.now();
    const client = await signIn(attack);
    const { expiresAt } = (await client.getSession())?.accessTokens[0] ?? {};
    if (seconds === null) return expect(expiresAt).toBeNull();
    expect(expiresAt).toBeGreaterThanOrEqual(before + seconds * 1000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + seconds * 1000);
    // Whatever it is, a date can hold it.
    expect(new Date(expiresAt ?? Number.NaN).getTime()).toBe(expiresAt);
  });

  it('with the last of two fields of one name', async () => {
    const attack = await startAttack();
    const text = (body: Json) =>
      `{"access_token":"first-12345678","scope":1,${JSON.stringify(body).slice(1)}`;
    const { lying } = attack;
    const honest = await signIn(attack);
    await honest.clearAllTokens();
    lying.lies = {
      answers: {
        token: ({ form }) => ({
          body: text({
            access_token: 'second-12345678',
            token_type: 'Bearer',
            scope: 'openid',
            id_token: lying.sign({}, lying.claims({ nonce: nonceOf(form) })),
          }),
        }),
      },
    };
    const nonceOf = (_: URLSearchParams) =>
      lying.requestsTo('authorize').at(-1)?.url.searchParams.get('nonce') ?? '';
    const client = await signIn(attack);
    expect(await client.getAccessToken()).toBe('second-12345678');
  });

  it('with a scope of every sort, of which the words are taken', async () => {
    const attack = await startAttack(having({ scope: '  openid   profile\u001b[31m  ' }));
    const client = await signIn(attack);
    expect((await client.getSession())?.scopes).toEqual(['openid', 'profile\u001b[31m']);
  });
});
