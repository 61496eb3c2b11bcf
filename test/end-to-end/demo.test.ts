import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf } from './sign-in-run.js';

const steps = ['emulator', 'sign-in', 'whoami', 'UserInfo', 'token', 'sign-out'];

describe('demo', () => {
  it('shows the whole journey, needs nothing, and leaves nothing behind', async () => {
    const home = await temporaryDirectory();
    const holder = createServer();
    // Whoever has port 3000 already serves as well.
    await new Promise<void>((resolve) => holder.once('error', () => resolve()).listen(3000, resolve));
    onTestFinished(() => void holder.close());

    const outcome = await runProgram(['demo', '--json'], {
      home,
      environment: { LOGTO_ENDPOINT: 'not even an address', LOGTO_APP_ID: 'x', LOGTO_CLI_PROFILE: '?' },
    });

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    const document = documentOf(outcome);
    expect(document.steps.map(({ step }: { step: string }) => step)).toEqual(steps);
    expect(document.steps[1].message).toContain('alice signed in');
    expect(document.steps[4].message).toContain('https://api.example.test');
    expect(document.steps[5].message).toMatch(/revocation done.*cleared.*confirmed/);
    expect(filesOf(home)).toEqual({});
  });

  it('says in one line each what happened', async () => {
    const home = await temporaryDirectory();
    const { exitCode, stdout } = await runProgram(['demo'], { home });
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(steps.length);
    for (const [index, step] of steps.entries()) expect(lines[index]).toMatch(`✓ ${step} `);
  });

  it.each([[[]], [['--trace']]])(
    'that is interrupted does not speak of stored sessions: it has none (%j)',
    async (flags) => {
      const program = startProgram(['demo', ...flags], {
        home: await temporaryDirectory(),
        // In the browser, for as long as it likes.
        environment: { BROWSER: 'true' },
        terminal: true,
      });
      await program.says('stdout', /Waiting up to 300 s/);
      program.type('\u0003');
      const { stdout, exitCode } = await program.ended;
      expect(exitCode).toBe(130);
      expect(stdout).toContain('Interrupted.');
      expect(stdout).toContain('interrupted');
      expect(stdout).not.toContain('logto-cli whoami');
    },
  );
});
