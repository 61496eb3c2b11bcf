import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { probeRevocation } from '../../../src/oidc/probe/revocation-probe.js';
import type { Answer, Lies } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { type PlainProvider, startPlainProvider } from '../../support/plain-provider.js';
import { clientSecret } from '../protocol-fixture.js';
import { applications, emulated, inShort, targetAt } from './probe-fixture.js';

let emulator: Emulator;
let plain: PlainProvider;
beforeAll(async () => {
  [emulator, plain] = await Promise.all([startEmulator(), startPlainProvider()]);
});
afterAll(() => Promise.all([emulator.close(), plain.close()]));

async function outcomeOf(lies: Lies) {
  const lying = await startLyingProvider(lies);
  onTestFinished(() => lying.close());
  return inShort(await probeRevocation(await targetAt(lying.issuer, lying.clientId, clientSecret)));
}

describe('the revocation of a made-up token', () => {
  it.each(applications)('is accepted for a sound %s application', async (name) => {
    expect(await probeRevocation(await emulated(emulator, name))).toEqual({ verdict: 'accepted' });
  });

  it('is accepted by a sound provider that is not Logto', async () => {
    const { clientId, clientSecret } = plain.clients.confidential;
    expect(inShort(await probeRevocation(await targetAt(plain.issuer, clientId, clientSecret)))).toBe(
      'accepted',
    );
    expect(inShort(await probeRevocation(await targetAt(plain.issuer, 'plain-public')))).toBe('accepted');
  });

  it.each([
    ['Traditional', 'wrong', 'client_secret_invalid'],
    ['Traditional', '', 'client_secret_missing'],
    ['Native', 'surplus', 'client_secret_unexpected'],
  ] as const)('of a %s application with the secret %j is %s', async (name, secret, short) => {
    expect(inShort(await probeRevocation(await emulated(emulator, name, secret)))).toBe(short);
  });

  it('of an unknown application is named', async () => {
    expect(inShort(await probeRevocation(await targetAt(emulator.issuer, 'nobody')))).toBe('client_unknown');
    expect(inShort(await probeRevocation(await targetAt(plain.issuer, 'nobody')))).toBe('client_rejected');
  });

  const answers: readonly [what: string, answer: Answer, short: string][] = [
    ['nothing', { body: '' }, 'accepted'],
    ['a page', { body: '<!doctype html>' }, 'unknown'],
    ['no word of the standard', { status: 202, body: '' }, 'unknown'],
    ['an error about the token', { status: 400, body: { error: 'unsupported_token_type' } }, 'unknown'],
    ['an error without words', { status: 404, body: '' }, 'unknown'],
    ['a demand for authentication without words', { status: 401, body: '' }, 'client_rejected'],
  ];

  it.each(answers)('that is answered with %s', async (_, answer, short) => {
    expect(await outcomeOf({ answers: { revoke: answer } })).toBe(short);
  });

  it('is unknown where the provider has no such endpoint', async () => {
    expect(await outcomeOf({ discovery: ({ revocation_endpoint: _, ...document }) => document })).toBe(
      'unknown',
    );
  });

  it('ends as the network does when the provider is down', async () => {
    await expect(outcomeOf({ answers: { revoke: { status: 500 } } })).rejects.toMatchObject({
      code: 'provider_error',
    });
  });
});
