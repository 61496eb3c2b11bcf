import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { battery } from './battery-run.js';
import { FaultyProvider } from './faulty-provider.js';

let emulator: Emulator;
let provider: FaultyProvider;
beforeAll(async () => {
  emulator = await startEmulator({ seed: defaultSeed() });
  provider = await FaultyProvider.start(emulator.endpoint);
});
afterAll(async () => {
  await provider.close();
  await emulator.close();
});

const keyPair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const sound = keyPair.publicKey.export({ format: 'jwk' });
const named = { ...sound, kid: 'a-key' };

it.each<[string, string, object[]]>([
  ['keys.ids', 'for signatures: 1 of 2, each with a kid of its own', [named, { ...sound, use: 'enc' }]],
  ['keys.ids', 'one key is for signatures, and needs no kid', [sound]],
  ['keys.ids', 'no key is for signatures', [{ ...named, use: 'enc' }]],
  [
    'keys.public',
    'Published with a private part: 1 of 1 key. Whoever read that can sign tokens.',
    [{ ...named, d: 'AAAA' }],
  ],
  ['keys.strength', 'Not to be read, or RSA under 2048 bits: 1 of 1 key.', [{ ...named, x: 'AAAA' }]],
  ['keys.strength', 'Not to be read, or RSA under 2048 bits: 1 of 2 keys.', [{ ...named, x: 'AAAA' }, sound]],
])('%s says what is so of the keys: %s', async (id, words, keys) => {
  provider.fault = ({ step }, honest) =>
    step === 'keys'
      ? { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ keys }) }
      : honest;
  const endpoint = provider.addressOf(emulator.endpoint);
  const { check } = await battery(['--endpoint', endpoint, '--app-id', 'emulator-native', '--only', id]);
  expect(check(id).message.startsWith(`${words} [`)).toBe(true);
});
