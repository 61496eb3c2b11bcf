import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SecretService } from '../../src/storage/secret-service.js';
import { busAddresses } from '../../src/storage/session-bus.js';
import { built } from '../support/built.js';
import { startFalseBus } from '../support/false-bus.js';
import { serveSecrets } from '../support/false-secret-service.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe('the session bus is looked for', () => {
  it.each([
    ['unix:path=/run/user/1000/bus', ['/run/user/1000/bus']],
    ['unix:path=/tmp/dbus-x,guid=62f5f34f53c1dd881bf1fd716b09568d', ['/tmp/dbus-x']],
    ['unix:path=/a%20b%2cc%3B', ['/a b,c;']],
    ['unix:abstract=/tmp/dbus-x', ['\0/tmp/dbus-x']],
    ['unix:path=/a;unix:abstract=b', ['/a', '\0b']],
  ])('at %s', (DBUS_SESSION_BUS_ADDRESS, expected) => {
    expect(busAddresses({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR: '/nowhere' })).toEqual(expected);
  });

  it.each([
    '',
    'nonsense',
    'autolaunch:',
    'unix:',
    'unix:path=',
    'unix:path',
    'unix:tmpdir=/tmp',
    'unix:dir=/tmp',
    'unix:runtime=yes',
    'unix:path=/a,abstract=b',
    'unix:path=/a,other=b',
    'unix:path=/a%00b',
    'unix:path=/a%zz',
    'unix:path=/a%ff',
    `unix:path=/${'a'.repeat(107)}`,
    'unix:path=/a;',
    // GIO would have gone to the first one.
    'tcp:host=localhost,port=4;unix:path=/a',
    'unixexec:path=/bin/true',
  ])('by somebody else at %s', async (DBUS_SESSION_BUS_ADDRESS) => {
    expect(busAddresses({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR: await runtimeFolder() })).toBeNull();
  });

  it.skipIf(process.platform !== 'linux')(
    'in the folder of the session, where it is a socket of ours',
    async () => {
      const folder = await runtimeFolder();
      expect(busAddresses({ XDG_RUNTIME_DIR: folder })).toEqual([join(folder, 'bus')]);
      expect(busAddresses({})).toBeNull();
      expect(busAddresses({ XDG_RUNTIME_DIR: '' })).toBeNull();
      const other = await temporaryDirectory();
      expect(busAddresses({ XDG_RUNTIME_DIR: other })).toBeNull();
      writeFileSync(join(other, 'bus'), '');
      expect(busAddresses({ XDG_RUNTIME_DIR: other })).toBeNull();
      const link = await temporaryDirectory();
      symlinkSync('/nowhere', join(link, 'bus'));
      expect(busAddresses({ XDG_RUNTIME_DIR: link })).toBeNull();
    },
  );
});

describe.skipIf(process.platform !== 'linux')('a session bus is found', () => {
  const read = (environment: Record<string, string>) =>
    SecretService.connect(environment)?.read('a', 'b', 60_000);

  it('in the folder of the session', async () => {
    expect(await read({ XDG_RUNTIME_DIR: await runtimeFolder() })).toBe('the secret');
  });

  it('behind an address that nobody listens at any more', async () => {
    const folder = await runtimeFolder();
    const DBUS_SESSION_BUS_ADDRESS = `unix:path=${folder}/nobody;unix:path=${folder}/bus`;
    expect(await read({ DBUS_SESSION_BUS_ADDRESS })).toBe('the secret');
    expect(await read({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/nobody` })).toBeNull();
  });

  it('by a name without a file, where Node can', async () => {
    const name = `logto-cli-test-${crypto.randomUUID()}`;
    const server = createServer(serveSecrets).on('error', () => {});
    server.listen(`\0${name}`);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    expect(await read({ DBUS_SESSION_BUS_ADDRESS: `unix:abstract=${name}` })).toBe('the secret');
  });
});

it.skipIf(process.platform !== 'linux')('a bus that never answers keeps no process', async () => {
  const bus = await startFalseBus((socket) => void socket.resume());
  onTestFinished(() => bus.stop());
  const module = JSON.stringify(built('storage/secret-service.js'));
  const script = `import(${module}).then(({ SecretService }) => SecretService.connect(process.env).begun)`;
  const { status, stderr } = await runCommand(process.execPath, ['-e', script], { env: bus.environment });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

/** With a bus in it, and a service on that. */
async function runtimeFolder(): Promise<string> {
  const folder = await temporaryDirectory();
  const server = createServer(serveSecrets);
  server.listen(join(folder, 'bus'));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return folder;
}
