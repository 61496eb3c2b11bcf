import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { probeClient } from '../../../src/oidc/probe/client-probe.js';
import type { Answer, Answering } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { type PlainProvider, startPlainProvider } from '../../support/plain-provider.js';
import { clientSecret, signIn } from '../protocol-fixture.js';
import { type ApplicationName, emulated, inShort, redirectUri, targetAt } from './probe-fixture.js';

let emulator: Emulator;
let plain: PlainProvider;
beforeAll(async () => {
  [emulator, plain] = await Promise.all([startEmulator(), startPlainProvider()]);
});
afterAll(() => Promise.all([emulator.close(), plain.close()]));

async function outcomeOf(answer: Answer | Answering | 'honest', secret?: string) {
  const lying = await startLyingProvider(answer === 'honest' ? {} : { answers: { token: answer } });
  onTestFinished(() => lying.close());
  const target = await targetAt(lying.issuer, lying.clientId, secret);
  return { lying, short: inShort(await probeClient(target, redirectUri)) };
}

describe('a token request with a made-up code, at Logto', () => {
  const cases: readonly [
    name: ApplicationName,
    secret: string | undefined,
    short: string,
    kind: string | null,
  ][] = [
    ['Native', undefined, 'accepted', 'public'],
    ['SPA', undefined, 'accepted', 'public'],
    ['Traditional', undefined, 'accepted', 'confidential'],
    ['Native', 'surplus', 'client_secret_unexpected', 'public'],
    ['SPA', 'surplus', 'client_secret_unexpected', 'public'],
    ['Traditional', '', 'client_secret_missing', 'confidential'],
    ['Traditional', 'wrong', 'client_secret_invalid', 'confidential'],
    ['MachineToMachine', undefined, 'grant_type_not_allowed', 'confidential'],
    ['MachineToMachine', 'wrong', 'client_secret_invalid', 'confidential'],
    ['device', undefined, 'grant_type_not_allowed', 'public'],
  ];

  it.each(cases)('of a %s application with the secret %j is %s', async (name, secret, short, kind) => {
    const probe = await probeClient(await emulated(emulator, name, secret), redirectUri);
    expect([inShort(probe), probe.kind]).toEqual([short, kind]);
  });

  it.each([undefined, 'a-secret'])(
    'of an unknown application is client_unknown (secret %s)',
    async (secret) => {
      const probe = await probeClient(await targetAt(emulator.issuer, 'nobody', secret), redirectUri);
      expect([inShort(probe), probe.kind]).toEqual(['client_unknown', null]);
    },
  );

  it('with an expired secret says so', async () => {
    const body = {
      code: 'oidc.invalid_request',
      error: 'invalid_request',
      error_description: 'client secret has expired',
    };
    expect((await outcomeOf({ status: 400, body }, clientSecret)).short).toBe('client_secret_invalid');
  });
});

describe('a token request with a made-up code, at another provider', () => {
  const right = 'plain-confidential-test-secret';
  const cases: readonly [clientId: string, secret: string | undefined, short: string][] = [
    ['plain-public', undefined, 'accepted'],
    ['plain-confidential', right, 'accepted'],
    ['plain-confidential', 'wrong', 'client_rejected'],
    ['plain-confidential', undefined, 'client_rejected'],
    ['plain-public', 'surplus', 'client_rejected'],
    ['nobody', undefined, 'client_rejected'],
    ['nobody', 'a-secret', 'client_rejected'],
  ];

  it.each(cases)('of %s with the secret %s is %s', async (clientId, secret, short) => {
    const target = await targetAt(plain.issuer, clientId, secret);
    expect(inShort(await probeClient(target, redirectUri))).toBe(short);
  });

  it('says what a rejected client may be rejected for', async () => {
    const target = await targetAt(plain.issuer, 'plain-confidential', 'wrong');
    expect(await probeClient(target, redirectUri)).toMatchObject({
      error: {
        details: {
          possible: ['client_unknown', 'client_secret_invalid', 'client_secret_unexpected', 'auth_method'],
        },
      },
    });
  });

  it.each([undefined, clientSecret])(
    'proves nothing where nobody looks at who sends it (secret %s)',
    async (secret) => {
      const { lying, short } = await outcomeOf('honest', secret);
      expect(short).toBe('unknown');
      expect(lying.requestsTo('token')).toHaveLength(2);
    },
  );

  it('is sent once where that has to do', async () => {
    const lying = await startLyingProvider();
    onTestFinished(() => lying.close());
    const target = await targetAt(lying.issuer, lying.clientId);
    expect(inShort(await probeClient(target, redirectUri, { control: false }))).toBe('unknown');
    expect(lying.requestsTo('token')).toHaveLength(1);
  });

  const said = (status: number, error: string, error_description?: string): Answer => ({
    status,
    body: { error, ...(error_description !== undefined && { error_description }) },
  });
  const answers: readonly [what: string, answer: Answer, short: string][] = [
    ['a page', { body: '<!doctype html>' }, 'unknown'],
    ['tokens', { body: { access_token: 'x', token_type: 'Bearer' } }, 'unknown'],
    ['an error in HTML', { status: 400, body: '<html>invalid_client' }, 'unknown'],
    ['nothing that was asked', said(400, 'invalid_request'), 'unknown'],
    ['a refusal of its gateway', said(403, 'access_denied'), 'unknown'],
    [
      "Keycloak's words for a wrong secret",
      said(401, 'unauthorized_client', 'Invalid client or Invalid client credentials'),
      'client_rejected',
    ],
    ['what the standard says of the grant type, whoever asks', said(400, 'unauthorized_client'), 'unknown'],
    ['a grant type that it does not have for anybody', said(400, 'unsupported_grant_type'), 'unknown'],
    ['a refusal of who asks', said(401, 'access_denied'), 'client_rejected'],
  ];

  it.each(answers)('that is answered with %s', async (_, answer, short) => {
    expect((await outcomeOf(answer, clientSecret)).short).toBe(short);
  });

  it.each(['odd -_.!~*()+%&=: secret', 'ünï'])(
    'authenticates with %j to the letter as a sign-in does',
    async (secret) => {
      const { lying } = await outcomeOf('honest', secret);
      const [probe] = lying.requestsTo('token');
      lying.requests.length = 0;
      await signIn(lying, { clientSecret: secret });
      const [real] = lying.requestsTo('token');
      expect(probe?.headers.authorization).toMatch(/^Basic /);
      expect(probe?.headers.authorization).toBe(real?.headers.authorization);
      expect(probe?.form.get('client_id')).toBe(null);
    },
  );

  it('authenticates in the body where the provider wants it there', async () => {
    const lying = await startLyingProvider({
      discovery: (document) => ({
        ...document,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      }),
    });
    onTestFinished(() => lying.close());
    await probeClient(await targetAt(lying.issuer, lying.clientId, clientSecret), redirectUri);
    const [probe] = lying.requestsTo('token');
    expect(Object.fromEntries(probe?.form ?? [])).toMatchObject({
      client_id: lying.clientId,
      client_secret: clientSecret,
      redirect_uri: redirectUri,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('ends as the network does when the provider is down', async () => {
    await expect(outcomeOf({ status: 502 })).rejects.toMatchObject({ code: 'provider_error' });
  });
});
