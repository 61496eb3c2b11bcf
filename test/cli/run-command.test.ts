import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/run-command.js';
import { countedProcesses } from '../support/counted-processes.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Runs a Node that leaves a file behind, while this process is sent a signal before it begins. */
async function runAfter(signal: NodeJS.Signals) {
  const witness = join(await temporaryDirectory(), 'witness');
  const script = `require('node:fs').writeFileSync(${JSON.stringify(witness)}, ''); setTimeout(() => {}, 10_000)`;
  await countedProcesses.atOnce(1);
  const exitCode = await runCommand(process.execPath, ['-e', script], {
    environment: process.env,
    beforeStart: async () => void process.kill(process.pid, signal),
  });
  return { exitCode, hasBegun: existsSync(witness) };
}

describe('a signal that comes before the command has begun', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('keeps it from beginning: %s', async (signal, exitCode) => {
    expect(await runAfter(signal)).toEqual({ exitCode, hasBegun: false });
    expect(process.listenerCount(signal)).toBe(0);
  });

  it('reaches it all the same, where it need not end it', async () => {
    // It has no listener yet, and so it ends by that.
    expect(await runAfter('SIGUSR2')).toEqual({ exitCode: 140, hasBegun: false });
  });
});
