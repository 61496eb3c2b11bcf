import { expect, it, onTestFinished } from 'vitest';
import { startFalseBus } from '../support/false-bus.js';
import { runSpied } from '../support/started-scripts.js';

/** Scripts that the built program starts, where the session of its profile is in this storage. */
async function startedBy(
  args: readonly string[],
  session: 'keychain' | 'file',
  environment: NodeJS.ProcessEnv = {},
): Promise<readonly string[]> {
  return (await runSpied(args, session, { ...process.env, ...environment })).started;
}

it("the keychain's process starts before the arguments are read, where the session is in it", async () => {
  const child = [expect.stringMatching(/keychain-child\.cjs$/)];
  // What is wrong with it is found by the parser.
  expect(await startedBy(['whoami', '--no-such-flag'], 'keychain')).toEqual(child);
  expect(await startedBy(['whoami', '--no-such-flag'], 'file')).toEqual([]);
  expect(await startedBy(['--help'], 'keychain')).toEqual([]);
  expect(await startedBy(['whoami', '--help'], 'keychain')).toEqual([]);
});

it.skipIf(process.platform !== 'linux')(
  'or the bus is asked instead, where nothing will be written',
  async () => {
    let said = Buffer.alloc(0);
    const bus = await startFalseBus((socket) => {
      socket.on('data', (bytes) => {
        said = Buffer.concat([said, bytes]);
      });
    });
    onTestFinished(() => bus.stop());
    expect(await startedBy(['whoami', '--no-such-flag'], 'file', bus.environment)).toEqual([]);
    expect(said).toHaveLength(0);
    // It ends, though nobody has answered.
    expect(await startedBy(['whoami', '--no-such-flag'], 'keychain', bus.environment)).toEqual([]);
    await expect.poll(() => said.toString('latin1')).toContain('OpenSession');
    expect(said.toString('latin1')).toMatch(/^\0AUTH EXTERNAL (?:[\da-f]{2})+\r\nBEGIN\r\n/);
    // Whose item would be read is not told before it is asked for.
    expect(said.toString('latin1')).not.toMatch(/SearchItems|default/);
    expect(await startedBy(['sign-out', '--no-such-flag'], 'keychain', bus.environment)).toHaveLength(1);
  },
);
