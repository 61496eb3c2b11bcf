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

  it('by one call after the other, since a real one may end otherwise', async () => {
    let [under, most, isCall] = [0, 0, false];
    const begins = <T>(answer: T): T => {
      under += 1;
      most = Math.max(most, under);
      isCall = true;
      return answer;
    };
    const service: FalseSecretService = {
      change: { OpenSession: begins, SearchItems: begins, GetSecret: begins },
      send: (socket, bytes) => {
        const ends = isCall;
        isCall = false;
        setTimeout(() => {
          if (ends) under -= 1;
          socket.write(bytes);
        }, 10);
      },
    };
    expect(await readFrom((socket) => serveSecrets(socket, service))).toBe('the secret');
    expect(most).toBe(1);
  });

  it('and another by the same connection', async () => {
    let connections = 0;
    const bus = await startFalseBus((socket) => {
      connections += 1;
      serveSecrets(socket);
    });
    onTestFinished(() => bus.stop());
    const secrets = SecretService.connect(bus.environment);
    for (const account of ['a', 'b'])
      expect(await secrets?.read('logto-cli', account, patience)).toBe('the secret');
    expect(connections).toBe(1);
    secrets?.close();
    expect(await secrets?.read('logto-cli', 'a', patience)).toBeNull();
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
