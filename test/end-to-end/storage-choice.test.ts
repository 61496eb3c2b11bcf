import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { executable } from '../support/capabilities.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';
import { browserOf, filesOf, tokensOf } from './sign-in-run.js';

const question =
  /Keep the\s+tokens\s+in\s+a\s+file\s+under\s+\S+\s+that\s+only\s+you\s+can\s+read\?\s+\[y\/N\]/;

// The tests' environment has no D-Bus session: without one, Linux has no keychain, whatever is installed.
describe.skipIf(process.platform !== 'linux')('without a keychain', () => {
  let providers: Providers;
  let signIn: readonly string[];
  beforeAll(async () => {
    providers = await startProviders();
    signIn = ['sign-in', ...providers.native.flags, '--port', String(providers.port), '--no-browser'];
  });
  afterAll(() => providers.close());

  it.each([
    { where: 'without a terminal', args: [] },
    { where: 'where somebody insists on the keychain', args: ['--storage', 'keychain'] },
  ])('sign-in ends before it shows an address $where, and says how to choose', async ({ args }) => {
    const home = await temporaryDirectory();

    const outcome = await runProgram([...signIn, ...args, '--json'], { home });

    expect(outcome).toMatchObject({ exitCode: 8, stderr: '' });
    const { error } = documentOf(outcome);
    expect(error.code).toBe('storage_unavailable');
    expect(error.hint).toContain('--storage file');
    expect(error.hint).toContain('LOGTO_CLI_STORAGE');
    expect(filesOf(home)).toEqual({});
  });

  describe('on a terminal', () => {
    beforeEach(({ skip }) => skip(executable('script') === null, 'not installed: script'));

    it('a person who agrees gets a file, and is not asked again', async () => {
      const home = await temporaryDirectory();
      const program = startProgram(signIn, { home, terminal: true });
      await program.says('stdout', question);
      program.type('y');
      await browserOf(providers.native.user).open(await program.address('stdout'));
      const first = await program.ended;
      expect(first.exitCode).toBe(0);
      expect(first.stdout).toMatch(/tokens kept in +file/);
      expect(tokensOf(home)).not.toBeNull();

      const again = startProgram(signIn, { home, terminal: true });
      await browserOf(providers.native.user).open(await again.address('stdout'));
      const second = await again.ended;
      expect(second.exitCode).toBe(0);
      expect(second.stdout).not.toMatch(question);
    });

    it.each(['n', ''])('a person who answers "%s" has no session, and the program ends', async (answer) => {
      const home = await temporaryDirectory();
      const program = startProgram(signIn, { home, terminal: true });
      await program.says('stdout', question);
      program.type(answer);

      const outcome = await program.ended;

      expect(outcome.exitCode).toBe(8);
      expect(outcome.stdout).toContain('(storage_unavailable)');
      expect(outcome.stdout).not.toContain('http://localhost');
      expect(filesOf(home)).toEqual({});
    });

    it('--no-input asks nothing', async () => {
      const home = await temporaryDirectory();
      const { exitCode, stdout } = await runProgram([...signIn, '--no-input'], { home, terminal: true });
      expect(exitCode).toBe(8);
      expect(stdout).not.toMatch(question);
    });

    it('Ctrl-C at the question ends it', async () => {
      const home = await temporaryDirectory();
      const program = startProgram(signIn, { home, terminal: true });
      await program.says('stdout', question);
      program.type('\u0003');
      expect((await program.ended).exitCode).toBe(130);
      expect(filesOf(home)).toEqual({});
    });
  });
});
