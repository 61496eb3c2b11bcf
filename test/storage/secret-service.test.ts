import { describe, expect, it, onTestFinished } from 'vitest';
import { SecretService } from '../../src/storage/secret-service.js';
import { startFalseBus } from '../support/false-bus.js';
import {
  type FalseSecretService,
  freshExchange,
  secretServiceFaults,
  serveFault,
  serveSecrets,
} from '../support/false-secret-service.js';

/** Longer than a test may take: what is wrong is refused, and not waited out. */
const patience = 600_000;

async function readFrom(serve: Parameters<typeof startFalseBus>[0], limit = patience) {
  const bus = await startFalseBus(serve);
  onTestFinished(() => bus.stop());
  return SecretService.connect(bus.environment)?.read('logto-cli', 'default/tokenSet', limit);
}

describe.skipIf(process.platform !== 'linux')('a secret is read from a Secret Service', () => {
  it.each<[string, FalseSecretService, string?]>([
    ['', {}],
    ['that is big-endian', { isBigEndian: true }],
    [
      'whose bytes come one by one',
      {
        send: (socket, bytes) => {
          for (const byte of bytes) socket.write(Buffer.of(byte));
        },
      },
    ],
    ['where it is empty', { secret: '' }, ''],
    ['where it is as long as a block', { secret: 'x'.repeat(16) }, 'x'.repeat(16)],
    ['where it is long', { secret: 'x'.repeat(500_000) }, 'x'.repeat(500_000)],
    ['where it is in every script', { secret: 'ключ 鍵 🔑 \ufeff' }, 'ключ 鍵 🔑 \ufeff'],
  ])('%s', async (_, service, secret = 'the secret') => {
    expect(await readFrom((socket) => serveSecrets(socket, service))).toBe(secret);
  });

  it('where what both have come to begins with a zero, which is a part of it', async () => {
    const exchange = freshExchange();
    let isSo = false;
    // One of 256 does.
    const onShared = (shared: Buffer) => {
      isSo = shared[0] === 0;
    };
    while (!isSo) {
      expect(await readFrom((socket) => serveSecrets(socket, { exchange, onShared }))).toBe('the secret');
    }
  });
});

describe.skipIf(process.platform !== 'linux')('it is for keytar to tell of a service that', () => {
  it.each(secretServiceFaults)('%s', async (what, service) => {
    // Silence is waited for.
    const limit = what === 'never answers' ? 100 : patience;
    expect(await readFrom((socket) => serveFault(socket, service), limit)).toBeNull();
  });
});

it('nobody is asked where no bus is named', () => {
  expect(SecretService.connect({})).toBeNull();
});
