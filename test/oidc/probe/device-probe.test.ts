import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { probeDeviceFlow } from '../../../src/oidc/probe/device-probe.js';
import type { Answer, Answering } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { emulated, inShort, targetAt } from './probe-fixture.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** The lying provider has no such endpoint of its own: this one answers at another. */
async function outcomeOf(answer: Answer | Answering) {
  const lying = await startLyingProvider({
    answers: { elsewhere: answer },
    discovery: (document) => ({
      ...document,
      device_authorization_endpoint: `${String(document['issuer'])}/device`,
    }),
  });
  onTestFinished(() => lying.close());
  return inShort(await probeDeviceFlow(await targetAt(lying.issuer, lying.clientId)));
}

describe('a device authorization request that nobody follows', () => {
  it('is accepted for an application made for it', async () => {
    expect(await probeDeviceFlow(await emulated(emulator, 'device'))).toEqual({ verdict: 'accepted' });
  });

  it.each(['Native', 'Traditional', 'SPA', 'MachineToMachine'] as const)(
    'is device_flow_disabled for a %s application',
    async (name) => {
      expect(inShort(await probeDeviceFlow(await emulated(emulator, name)))).toBe('device_flow_disabled');
    },
  );

  it('names an unknown application and a wrong secret', async () => {
    expect(inShort(await probeDeviceFlow(await targetAt(emulator.issuer, 'nobody')))).toBe('client_unknown');
    const wrong = await emulated(emulator, 'Traditional', 'wrong');
    expect(inShort(await probeDeviceFlow(wrong))).toBe('client_secret_invalid');
  });

  it.each<[string, Answer, string]>([
    ['unauthorized_client, whoever asks', { status: 400, body: { error: 'unauthorized_client' } }, 'unknown'],
    ['a page', { body: '<!doctype html>' }, 'unknown'],
    ['another error', { status: 400, body: { error: 'invalid_scope' } }, 'unknown'],
  ])('that is answered with %s', async (_, answer, short) => {
    expect(await outcomeOf(answer)).toBe(short);
  });

  it('is device_flow_disabled where a made-up application is told something else', async () => {
    const answer: Answering = ({ form }) => ({
      status: 400,
      body: { error: form.get('client_id') === 'app' ? 'unauthorized_client' : 'invalid_client' },
    });
    expect(await outcomeOf(answer)).toBe('device_flow_disabled');
  });

  it('is unknown where the provider does not offer it', async () => {
    const lying = await startLyingProvider();
    onTestFinished(() => lying.close());
    const verdict = await probeDeviceFlow(await targetAt(lying.issuer, lying.clientId));
    expect(verdict).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('lists no device') });
  });
});
