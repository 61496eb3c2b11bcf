import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';
import { browserOf, goThere, startSignIn, tokensOf } from './sign-in-run.js';

/** `logto-cli … | head`: whoever reads an output may stop when they have seen enough. */
describe('an output that nobody reads any more', () => {
  let providers: Providers;
  beforeAll(async () => {
    providers = await startProviders();
  });
  afterAll(() => providers.close());

  it.each([
    { args: ['--help'], closed: 'stdout', exitCode: 0, left: /^$/ },
    { args: ['whoami', '--json'], closed: 'stdout', exitCode: 4, left: /^$/ },
    { args: ['whoami', '--json'], closed: 'stderr', exitCode: 4, left: /"not_signed_in"/ },
    { args: ['whoami'], closed: 'stderr', exitCode: 4, left: /^$/ },
    { args: ['whoami', '--bogus'], closed: 'stderr', exitCode: 2, left: /^$/ },
  ] as const)('$closed of $args changes neither the exit code nor the other output', async (run) => {
    const home = await temporaryDirectory();
    const program = startProgram([...run.args], { home, environment: { LOGTO_CLI_STORAGE: 'file' } });
    program.closeOutput(run.closed);

    const outcome = await program.ended;

    expect(outcome).toMatchObject({ exitCode: run.exitCode, signal: null, [run.closed]: '' });
    expect(outcome[run.closed === 'stdout' ? 'stderr' : 'stdout']).toMatch(run.left);
  });

  it('does not stop a sign-in that is under way', async () => {
    const home = await temporaryDirectory();
    const { native, port } = providers;
    const program = startSignIn(native, port, { home });
    program.closeOutput('stdout');
    await goThere(browserOf(native.user), program);

    const { exitCode, signal, stderr } = await program.ended;

    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: null });
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(tokensOf(home)).not.toBeNull();
  });
});
