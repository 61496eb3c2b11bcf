import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { signIn, startEmulator } from '../../src/testing.js';
import { keyringMissing } from '../support/capabilities.js';
import { startFalseBus } from '../support/false-bus.js';
import { secretServiceFaults, serveFault } from '../support/false-secret-service.js';
import { builtKeychainStorage } from '../support/keychain-children.js';
import { type KeyringSession, lockKeyring, startKeyring } from '../support/keyring-session.js';
import { runSpied } from '../support/started-scripts.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.skipIf(keyringMissing() !== null)('a session in a real keyring', () => {
  let keyring: KeyringSession;
  let record: string;

  beforeAll(async () => {
    keyring = await startKeyring();
    const emulator = await startEmulator();
    const memory = new MemoryStorage();
    await signIn(emulator, { storage: memory });
    await emulator.close();
    record = (await memory.get('tokenSet')) ?? '';
    await keep(keyring);
  });
  afterAll(() => keyring.stop());

  async function keep({ environment }: KeyringSession) {
    const KeychainStorage = await builtKeychainStorage();
    await new KeychainStorage({ service: 'logto-cli', account: 'default', environment }).set(
      'tokenSet',
      record,
    );
  }

  /** Runs the program, and names the scripts that it starts. */
  const run = (args: readonly string[], environment: NodeJS.ProcessEnv) =>
    runSpied(args, 'keychain', environment);

  const child = [expect.stringMatching(/keychain-child\.cjs$/)];

  it.each([
    { args: ['whoami'], prints: /alice/ },
    { args: ['whoami', '--json'], prints: /alice/ },
    { args: ['token'], prints: /^\S+\n$/ },
    { args: ['token', '--id-token'], prints: /^\S+\n$/ },
  ])('$args starts no process', async ({ args, prints }) => {
    const { status, stdout, stderr, started } = await run(args, keyring.environment);
    expect({ status, stderr, started }).toEqual({ status: 0, stderr: '', started: [] });
    expect(stdout).toMatch(prints);
  });

  it('is waited for by nobody who does not ask for it', async () => {
    const { status, started } = await run(['whoami', '--no-such-flag'], keyring.environment);
    expect({ status, started }).toEqual({ status: 2, started: [] });
  });

  it('is read by a process where one will be needed anyway', async () => {
    const { started } = await run(['sign-out', '--no-such-flag'], keyring.environment);
    expect(started).toEqual(child);
  });

  it('is read by a process of its own where it is locked, which says so', async () => {
    const locked = await startKeyring();
    onTestFinished(() => locked.stop());
    await keep(locked);
    lockKeyring(locked);
    const { status, stdout, started } = await run(['whoami', '--json'], locked.environment);
    expect({ status, started }).toEqual({ status: 8, started: child });
    expect(JSON.parse(stdout).error.code).toBe('storage_locked');
  });

  it.each(secretServiceFaults)('is read by such a process from a bus that first %s', async (_, fault) => {
    let connections = 0;
    const bus = await startFalseBus((socket) => {
      connections += 1;
      if (connections === 1) return serveFault(socket, fault);
      const real = connect({ path: pathOf(keyring) });
      real.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('close', () => real.destroy());
      socket.pipe(real).pipe(socket);
    });
    onTestFinished(() => bus.stop());
    const { status, stdout, stderr, started } = await run(['whoami'], {
      ...keyring.environment,
      ...bus.environment,
    });
    expect({ status, stderr, started }).toEqual({ status: 0, stderr: '', started: child });
    expect(stdout).toContain('alice');
    expect(connections).toBeGreaterThan(1);
  });

  it('is looked for on no bus that a file of a project names', async () => {
    let connections = 0;
    const bus = await startFalseBus((socket) => {
      connections += 1;
      socket.resume();
    });
    onTestFinished(() => bus.stop());
    const file = join(await temporaryDirectory(), '.env');
    const { DBUS_SESSION_BUS_ADDRESS } = bus.environment;
    await writeFile(file, `DBUS_SESSION_BUS_ADDRESS=${DBUS_SESSION_BUS_ADDRESS}\n`);
    const { status, started } = await run(['whoami', '--dotenv', file], keyring.environment);
    expect({ status, started, connections }).toEqual({ status: 0, started: [], connections: 0 });
  });
});

function pathOf({ environment }: KeyringSession): string {
  const [, kind, path = ''] =
    /^unix:(path|abstract)=([^,]+)/.exec(environment['DBUS_SESSION_BUS_ADDRESS'] ?? '') ?? [];
  return `${kind === 'abstract' ? '\0' : ''}${decodeURIComponent(path)}`;
}
