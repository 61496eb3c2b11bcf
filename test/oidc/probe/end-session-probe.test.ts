import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { probeEndSession } from '../../../src/oidc/probe/end-session-probe.js';
import type { Answer, Answering, Lies } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { type PlainProvider, startPlainProvider } from '../../support/plain-provider.js';
import { emulated, inShort, postLogoutRedirectUri, targetAt } from './probe-fixture.js';

let emulator: Emulator;
let plain: PlainProvider;
beforeAll(async () => {
  [emulator, plain] = await Promise.all([startEmulator(), startPlainProvider()]);
});
afterAll(() => Promise.all([emulator.close(), plain.close()]));

const unregistered = ['http://localhost:3001/', 'http://localhost:3000/bye', 'http://127.0.0.1:3000/'];

async function lyingTarget(lies: Lies) {
  const lying = await startLyingProvider(lies);
  onTestFinished(() => lying.close());
  return targetAt(lying.issuer, lying.clientId);
}

describe('an end session request that nobody confirms', () => {
  it.each(['Native', 'Traditional', 'SPA'] as const)(
    'is accepted for a sound %s application',
    async (name) => {
      expect(await probeEndSession(await emulated(emulator, name), postLogoutRedirectUri)).toEqual({
        verdict: 'accepted',
      });
    },
  );

  it('is accepted by a sound provider that is not Logto', async () => {
    const target = await targetAt(plain.issuer, 'plain-public');
    expect(inShort(await probeEndSession(target, postLogoutRedirectUri))).toBe('accepted');
  });

  it.each(unregistered)('names the address %s', async (uri) => {
    const code = 'post_logout_redirect_uri_not_registered';
    const refused = { verdict: 'refused', error: { code, details: { redirect_uri: uri } } };
    expect(await probeEndSession(await emulated(emulator, 'SPA'), uri)).toMatchObject(refused);
    if (uri.startsWith('http://localhost:3001')) return;
    expect(await probeEndSession(await targetAt(plain.issuer, 'plain-public'), uri)).toMatchObject(refused);
  });

  it('names an unknown application', async () => {
    const known = await probeEndSession(await targetAt(emulator.issuer, 'nobody'), postLogoutRedirectUri);
    const other = await probeEndSession(await targetAt(plain.issuer, 'nobody'), postLogoutRedirectUri);
    expect([inShort(known), inShort(other)]).toEqual(['client_unknown', 'client_rejected']);
  });

  const sentHome: Answering = ({ url }) => {
    const { searchParams } = url;
    const query = new URLSearchParams({ state: searchParams.get('state') ?? '' });
    return { status: 302, headers: { Location: `${searchParams.get('post_logout_redirect_uri')}?${query}` } };
  };
  const onlyRegistered: Answering = (request, response) =>
    request.url.searchParams.get('post_logout_redirect_uri') === postLogoutRedirectUri
      ? sentHome(request, response)
      : { status: 400, body: { error: 'invalid_request' } };
  const answers: readonly [what: string, answer: Answer | Answering, short: string][] = [
    ['a page for whoever asks', { body: '<!doctype html><p>Signed out?' }, 'unknown'],
    ['a way to its own page', { status: 302, headers: { Location: '/bye' } }, 'unknown'],
    ['the way home at once, to that address alone', onlyRegistered, 'accepted'],
    ['the way home at once, wherever that is', sentHome, 'unknown'],
    [
      'the way home without our state',
      { status: 302, headers: { Location: postLogoutRedirectUri } },
      'unknown',
    ],
    [
      "Keycloak's page",
      { status: 400, body: '<h1>We are sorry...</h1><p>Invalid redirect uri</p>' },
      'post_logout_redirect_uri_not_registered',
    ],
    ['an error that says no more', { status: 400, body: { error: 'invalid_request' } }, 'unknown'],
    ['a page that is not there', { status: 404, body: '' }, 'unknown'],
  ];

  it.each(answers)('that is answered with %s', async (_, answer, short) => {
    const target = await lyingTarget({ answers: { 'end-session': answer } });
    expect(inShort(await probeEndSession(target, postLogoutRedirectUri))).toBe(short);
  });

  it('is put for an address that nobody registered at the same time, where that is wanted', async () => {
    const held: ServerResponse[] = [];
    // Nobody is answered before both are there.
    const answer: Answering = ({ url }, response) => {
      held.push(response);
      response.statusCode =
        url.searchParams.get('post_logout_redirect_uri') === postLogoutRedirectUri ? 200 : 400;
      if (held.length === 2)
        for (const one of held)
          one.end(
            '{"error":"invalid_request","error_description":"post_logout_redirect_uri not registered"}',
          );
      return 'handled';
    };
    const target = await lyingTarget({ answers: { 'end-session': answer } });
    const probe = probeEndSession(target, postLogoutRedirectUri, { control: 'at-once' });
    expect(inShort(await probe)).toBe('accepted');
  });

  it.each([
    { control: 'late', requests: 1 },
    { control: 'at-once', requests: 2 },
  ] as const)(
    'that is refused has cost $requests of them (control: $control)',
    async ({ control, requests }) => {
      let asked = 0;
      const refuse: Answering = () => {
        asked += 1;
        return { status: 400, body: { error: 'invalid_client' } };
      };
      const target = await lyingTarget({ answers: { 'end-session': refuse } });
      await probeEndSession(target, postLogoutRedirectUri, { control });
      expect(asked).toBe(requests);
    },
  );

  it('is unknown where the provider has no such endpoint', async () => {
    const target = await lyingTarget({
      discovery: ({ end_session_endpoint: _, ...document }) => document,
    });
    expect(inShort(await probeEndSession(target, postLogoutRedirectUri))).toBe('unknown');
  });

  it('ends as the network does when the provider is down', async () => {
    const target = await lyingTarget({ answers: { 'end-session': { status: 500 } } });
    await expect(probeEndSession(target, postLogoutRedirectUri)).rejects.toMatchObject({
      code: 'provider_error',
    });
  });
});
