import { describe, expect, it, onTestFinished } from 'vitest';
import { probeClient } from '../../../src/oidc/probe/client-probe.js';
import type { Answer, Lies } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { onlyFor, type Reading, type RegisteredClient } from '../../support/registered-client.js';
import { inShort, redirectUri, targetAt } from './probe-fixture.js';

const clientId = 'app';
const plainSecret = '0f3ad1ab-9c51-4d0e-8f6a-2b1c3d4e5f60';
const oddSecret = 'a/b+c=: %é';

/** A provider that knows one client. */
async function provider(
  client: Omit<RegisteredClient, 'clientId'>,
  discovery: Lies['discovery'] = (it) => it,
) {
  const lying = await startLyingProvider({
    answers: { token: onlyFor({ clientId, ...client }) },
    discovery,
  });
  onTestFinished(() => lying.close());
  return lying;
}

const listing =
  (...methods: string[]) =>
  (document: object) => ({ ...document, token_endpoint_auth_methods_supported: methods });

async function probe(lying: Awaited<ReturnType<typeof provider>>, secret?: string, id = clientId, more = {}) {
  const target = { ...(await targetAt(lying.issuer, id, secret)), ...more };
  const found = await probeClient(target, redirectUri);
  return { found, short: inShort(found), asked: lying.requestsTo('token').length };
}

describe('a secret without signs that have to be encoded', () => {
  it.each<Reading>(['basic', 'basic, not decoded'])(
    'is right where the provider reads %s',
    async (reading) => {
      const lying = await provider({ secret: plainSecret, reads: [reading] });
      expect(await probe(lying, plainSecret)).toMatchObject({
        short: 'accepted',
        found: { kind: 'confidential' },
      });
    },
  );

  it('is tried once where it is wrong', async () => {
    const lying = await provider({ secret: plainSecret, reads: ['basic, not decoded', 'post'] });
    expect(await probe(lying, 'wrong')).toMatchObject({ short: 'client_rejected', asked: 1 });
  });
});

describe('a secret with signs that have to be encoded', () => {
  const both = ['client_secret_basic', 'client_secret_post'];

  it('is right as the standard has it, where the provider decodes', async () => {
    const { short, found } = await probe(await provider({ secret: oddSecret, reads: ['basic'] }), oddSecret);
    expect(short).toBe('accepted');
    expect(found.authentication).toBeUndefined();
  });

  it.each<[string, Reading[], string[], string]>([
    [
      'in the body where the provider does not decode',
      ['basic, not decoded', 'post'],
      both,
      'client_secret_post',
    ],
    ['in the body where only that is read', ['post'], both, 'client_secret_post'],
    [
      'as it is where the body is not listed',
      ['basic, not decoded', 'post'],
      ['client_secret_basic'],
      'client_secret_basic_raw',
    ],
    ['as it is where the body is not read', ['basic, not decoded'], both, 'client_secret_basic_raw'],
  ])('is taken %s', async (_, reads, methods, authentication) => {
    const lying = await provider({ secret: oddSecret, reads }, listing(...methods));
    expect(await probe(lying, oddSecret)).toMatchObject({
      short: 'accepted',
      found: { authentication, kind: 'confidential' },
    });
  });

  it('is tried in each way once where it is wrong, and what the first way was told is told', async () => {
    let count = 0;
    const refusal = () => {
      count += 1;
      return { status: 401, body: { error: 'invalid_client', error_description: `attempt ${count}` } };
    };
    const lying = await provider({ secret: oddSecret, reads: ['basic'], refusal });
    const { short, found, asked } = await probe(lying, `${oddSecret}x`);
    expect([short, asked]).toEqual(['client_rejected', 3]);
    expect(found).toMatchObject({ error: { message: expect.stringContaining('attempt 1') } });
  });

  it('is taken as it is where who has not authenticated hears the words of those who have', async () => {
    const refusal: Answer = { status: 403, body: { error: 'unauthorized_client' } };
    const lying = await provider(
      { secret: oddSecret, reads: ['basic, not decoded'], refusal },
      listing(...both),
    );
    expect(await probe(lying, oddSecret)).toMatchObject({
      short: 'accepted',
      found: { authentication: 'client_secret_basic_raw' },
    });
  });

  it('is found too where the provider has a name of its own for a wrong secret', async () => {
    const refusal = { status: 400, body: { error: 'invalid_client_secret' } };
    const lying = await provider({ secret: oddSecret, reads: ['basic, not decoded'], refusal });
    expect(await probe(lying, oddSecret)).toMatchObject({
      short: 'accepted',
      found: { authentication: 'client_secret_basic_raw' },
    });
  });

  it.each<[Reading[], string]>([
    [['basic, not decoded', 'post'], 'client_secret_post'],
    [['basic, not decoded'], 'client_secret_basic_raw'],
  ])(
    'is found too where the encoded form is no right request to the provider, which reads %j',
    async (reads, authentication) => {
      const refusal = { status: 400, body: { error: 'invalid_request' } };
      const lying = await provider({ secret: oddSecret, reads, refusal });
      expect(await probe(lying, oddSecret)).toMatchObject({ short: 'accepted', found: { authentication } });
    },
  );

  it('is not looked for in other ways for long where every code is no right request', async () => {
    const answer = () => ({ status: 400, body: { error: 'invalid_request' } });
    const lying = await provider({ secret: oddSecret, reads: ['basic'], answer });
    const { short, found, asked } = await probe(lying, oddSecret);
    expect([short, asked]).toEqual(['unknown', 3]);
    expect(found.authentication).toBeUndefined();
  });

  it('is not taken in the body by a provider that does not look at it there', async () => {
    const lying = await provider({ secret: oddSecret, reads: ['basic'] });
    // Whoever sends no header is taken for somebody without a secret.
    lying.lies = {
      answers: {
        token: ({ headers }) => ({
          status: headers.authorization === undefined ? 400 : 401,
          body: { error: headers.authorization === undefined ? 'invalid_grant' : 'invalid_client' },
        }),
      },
    };
    const { short, found } = await probe(lying, oddSecret);
    expect(short).toBe('client_rejected');
    expect(found.authentication).toBeUndefined();
  });

  it.each([
    ['client_secret_basic', 'client_secret_basic_raw'],
    ['client_secret_post', undefined],
  ])('is sent by %s alone where that was chosen', async (authentication, found) => {
    const lying = await provider({ secret: oddSecret, reads: ['basic, not decoded'] });
    const outcome = await probe(lying, oddSecret, clientId, { authentication });
    expect(outcome.found.authentication).toBe(found);
    const inBody = lying.requestsTo('token').some(({ form }) => form.has('client_secret'));
    expect(inBody).toBe(authentication === 'client_secret_post');
  });

  it('may be one of an ID: that is encoded too', async () => {
    const lying = await startLyingProvider({
      answers: {
        token: onlyFor({ clientId: 'https://app.test', secret: plainSecret, reads: ['basic, not decoded'] }),
      },
    });
    onTestFinished(() => lying.close());
    expect(await probe(lying, plainSecret, 'https://app.test')).toMatchObject({ short: 'client_rejected' });
  });
});

describe("a code that is refused by a name of the provider's own", () => {
  const answer = () => ({ status: 403, body: { error: 'invalid_code' } });

  it('proves the client where a made-up one does not get that far', async () => {
    const lying = await provider({ secret: plainSecret, reads: ['basic'], answer });
    expect(await probe(lying, plainSecret)).toMatchObject({
      short: 'accepted',
      found: { kind: 'confidential' },
    });
  });

  it('proves nothing where a made-up one hears it too', async () => {
    const refusal = answer();
    const lying = await provider({ secret: plainSecret, reads: ['basic'], answer, refusal });
    expect(await probe(lying, plainSecret)).toMatchObject({ short: 'unknown' });
  });
});

describe('a refusal of strangers that is no invalid_client', () => {
  it.each<[string, Answer]>([
    ['a page with the status 401', { status: 401, body: '<title>Unauthorized</title>' }],
    ['403 access_denied', { status: 403, body: { error: 'access_denied' } }],
    ['400 invalid_request', { status: 400, body: { error: 'invalid_request' } }],
  ])('shows all the same that the application gets further: %s', async (_, refusal) => {
    const lying = await provider({ secret: plainSecret, reads: ['basic'], refusal });
    expect(await probe(lying, plainSecret)).toMatchObject({
      short: 'accepted',
      found: { kind: 'confidential' },
    });
  });

  it.each<[string, Answer]>([
    ['a limit', { status: 429, body: { error: 'slow_down' } }],
    ['a failure of its own', { status: 400, body: { error: 'server_error' } }],
    ['the page of a firewall', { status: 403, body: '<title>Blocked</title>' }],
  ])('shows nothing where it may have another reason: %s', async (_, refusal) => {
    const lying = await provider({ secret: plainSecret, reads: ['basic'], refusal });
    expect(await probe(lying, plainSecret)).toMatchObject({ short: 'unknown' });
  });
});

describe('unauthorized_client before anybody has authenticated', () => {
  const refusal: Answer = { status: 400, body: { error: 'unauthorized_client' } };
  const confidential = { secret: plainSecret, reads: ['basic', 'post'], refusal } as const;

  it.each<[string, string | undefined, string, string]>([
    ['the application', plainSecret, clientId, 'accepted'],
    ['an unknown application', plainSecret, 'nobody', 'unknown'],
    ['a wrong secret', 'wrong', clientId, 'unknown'],
    ['a missing secret', undefined, clientId, 'unknown'],
  ])('proves nothing about %s (secret %s, ID %s): %s', async (_, secret, id, short) => {
    expect((await probe(await provider(confidential), secret, id)).short).toBe(short);
  });

  it.each([
    ['the application', clientId, 'accepted'],
    ['an unknown one', 'nobody', 'unknown'],
  ])('proves nothing about a public client: %s, %s, is %s', async (_, id, short) => {
    expect((await probe(await provider({ reads: ['none'], refusal }), undefined, id)).short).toBe(short);
  });

  it('says to the one who reads why nothing is proved', async () => {
    const { found } = await probe(await provider(confidential), 'wrong');
    expect(found).toMatchObject({ reason: expect.stringContaining('made-up one as well') });
  });

  it('is believed where a wrong secret is told something else: then the secret is right, and the type wrong', async () => {
    const answer = () => refusal;
    const lying = await provider({ secret: plainSecret, reads: ['basic'], answer });
    expect(await probe(lying, plainSecret)).toMatchObject({
      short: 'grant_type_not_allowed',
      found: { kind: 'confidential' },
    });
  });

  it('is believed where a wrong secret is told other words, the same each time', async () => {
    const says = (error_description: string) => ({
      status: 401,
      body: { error: 'unauthorized_client', error_description },
    });
    const lying = await provider({
      secret: plainSecret,
      reads: ['basic'],
      answer: () => says('Client not enabled to retrieve a code'),
      refusal: says('Invalid client'),
    });
    expect((await probe(lying, plainSecret)).short).toBe('grant_type_not_allowed');
    expect((await probe(lying, 'wrong')).short).toBe('client_rejected');
  });

  it('is not believed where the words are others each time', async () => {
    let count = 0;
    const says = () => {
      count += 1;
      return { status: 400, body: { error: 'unauthorized_client', error_description: `trace ${count}` } };
    };
    const lying = await provider({ secret: plainSecret, reads: ['basic'], answer: says, refusal: says });
    expect((await probe(lying, plainSecret)).short).toBe('unknown');
  });

  it('is about the grant where its words name client_credentials', async () => {
    const says = {
      error: 'unauthorized_client',
      error_description: "Grant type 'client_credentials' not allowed",
    };
    const lying = await provider({
      secret: plainSecret,
      reads: ['basic'],
      answer: () => ({ status: 403, body: says }),
    });
    expect((await probe(lying, plainSecret)).short).toBe('grant_type_not_allowed');
  });

  it('is believed of a public client where an unknown one is told something else', async () => {
    const lying = await provider({ reads: ['none'], answer: () => refusal });
    expect(await probe(lying)).toMatchObject({ short: 'grant_type_not_allowed', found: { kind: null } });
  });
});
