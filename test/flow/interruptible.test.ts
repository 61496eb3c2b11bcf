import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/failure-of.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { interruption, testRuntime } from '../support/test-runtime.js';

const look = 'Which session is stored now: logto-cli whoami';

/** A terminal at which Ctrl-C is typed before the first answer, where the profile `web` is there. */
async function interrupted(argv: readonly string[]) {
  const home = await temporaryDirectory();
  const web = ['profile', 'set', 'web', '--endpoint', 'http://localhost:1', '--app-id', 'app'];
  await runInProcess(testRuntime({ home }), web);
  const runtime = testRuntime({ home, isTerminal: true, interruption: AbortSignal.abort(interruption()) });
  return failureOf(runInProcess(runtime, argv));
}

describe('whoever interrupts what changes the session', () => {
  it.each([[['init']], [['init', '--profile', 'web']], [['sign-in']], [['sign-out', '--profile', 'web']]])(
    'is told how to see which one is stored: %j',
    async (argv) => {
      expect(await interrupted(argv)).toMatchObject({ code: 'interrupted', hint: look });
    },
  );

  it.each([
    [['init', '--profile', 'new']],
    [['sign-out', '--profile', 'new', '--endpoint', 'http://localhost:1', '--app-id', 'app']],
  ])('is not sent to a profile that nobody has made: %j', async (argv) => {
    const { hint } = interruption();
    expect(await interrupted(argv)).toMatchObject({ code: 'interrupted', hint });
  });
});
