import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { isAlive } from '../support/is-alive.js';
import { isListening } from '../support/is-listening.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const hostile = fileURLToPath(new URL('../hostile-application/main.js', import.meta.url));

/** A run of `test-app` on the sample that misbehaves so. */
async function arranged(how: string, at = '/', flags: readonly string[] = []) {
  const port = await freePort();
  const home = await temporaryDirectory();
  const children = join(home, 'children');
  const env = [`PORT=${port}`, `HOW=${how}`, `AT=${at}`, `CHILDREN=${children}`];
  return {
    port,
    home,
    args: [
      'test-app',
      `http://localhost:${port}/`,
      ...env.flatMap((text) => ['--env', text]),
      ...['--timeout', '5', '--json', ...flags, '--', process.execPath, hostile],
    ],
    children: async () => {
      const pids = () =>
        readFile(children, 'utf8').then(
          (text) => text.split('\n').filter(Boolean),
          () => [],
        );
      while ((await pids()).length < 2) await delay(10);
      return (await pids()).map(Number);
    },
  };
}

describe('an application that cannot be tested', () => {
  it.each([
    ['dies', '/', 'app_not_started', 'It ended before it answered (exit code 3).'],
    ['dies', '/callback', 'app_undecided', 'The application ended at a sound sign-in (exit code 3)'],
    ['hangs', '/', 'app_not_started', 'Something takes connections there, and answers none within 5 s.'],
    ['hangs', '/callback', 'app_undecided', '/callback did not answer in time.'],
    ['elsewhere', '/', 'app_undecided', 'it led to http://elsewhere.example, which is out of bounds.'],
    [
      'elsewhere',
      '/callback',
      'app_undecided',
      'it led to http://elsewhere.example, which is out of bounds.',
    ],
    ['circle', '/', 'app_undecided', 'redirected without an end.'],
    ['circle', '/callback', 'app_undecided', '/callback redirected without an end.'],
    ['large', '/', 'app_undecided', 'answered with more than a page can have.'],
    ['large', '/callback', 'app_undecided', '/callback answered with more than a page can have.'],
    ['endless', '/callback', 'app_undecided', '/callback answered with more than a page can have.'],
    ['bomb', '/', 'app_undecided', 'answered with more than a page can have.'],
    ['drips', '/', 'app_not_started', 'Something takes connections there, and answers none within 5 s.'],
    ['drips', '/callback', 'app_undecided', '/callback did not answer in time.'],
    ['markup', '/', 'app_undecided', 'answered 200'],
    ['static', '/', 'app_undecided', '“It works!”, and no link and no form there'],
    ['never', '/', 'app_not_started', 'Nothing listens there within 5 s.'],
    ['other-port', '/', 'app_not_started', 'Nothing listens there within 5 s.'],
  ])('is told so, within limits: %s at %s', async (how, at, code, said) => {
    const { args, home, port } = await arranged(how, at);
    const begun = performance.now();
    const outcome = await runProgram(args, { home });
    const { error } = documentOf(outcome);
    expect(error.message).toContain(said);
    expect([error.code, outcome.exitCode]).toEqual([code, 2]);
    if (how === 'other-port') expect(error.hint).toContain(`It printed that it listens on port ${port + 1}:`);
    expect(performance.now() - begun).toBeLessThan(40_000);
    expect(await isListening(port)).toBe(false);
  });
});

describe('an application that is odd', () => {
  it.each([
    ['cookies', '/callback'],
    ['prints', '/'],
    ['slow', '/'],
    ['stays', '/'],
    ['leaves', '/'],
  ])('is tested all the same, and nothing of it is left: %s', async (how, at) => {
    const { args, home, port, children } = await arranged(how, at, ['--only', 'sound']);
    const outcome = await runProgram(args, { home });
    expect(documentOf(outcome)).toMatchObject({ outcome: 'passed' });
    expect(await isListening(port)).toBe(false);
    if (how === 'leaves') expect((await children()).filter(isAlive)).toEqual([]);
  });

  it.runIf(process.platform === 'linux').each(['SIGINT', 'SIGKILL'] as const)(
    'leaves no child behind when %s ends us, wherever it has gone',
    async (signal) => {
      const { args, home, port, children } = await arranged('leaves', '/');
      const program = startProgram(args, { home });
      const pids = await children();
      program.kill(signal);
      await program.ended;
      while (pids.some(isAlive) || (await isListening(port))) await delay(10);
      expect(pids).toHaveLength(2);
    },
  );
});

describe('an application that ends again and again', () => {
  const byHand = fileURLToPath(new URL('../hostile-application/by-hand.js', import.meta.url));

  it.each([
    [
      'id-token',
      {
        'id-token.missing': 'failed: The application ended (exit code 1).',
        'id-token.bad-signature': 'warning: After an ID token with a wrong signature the user is signed in.',
        'id-token.alg-none': 'skipped: The application checks no signature',
        'id-token.issuer': 'failed: After an ID token of another issuer the user is signed in.',
        'id-token.expired': 'failed: After an ID token that was over',
      },
    ],
    [
      'provider',
      {
        'provider.discovery-down': 'failed: The application ended (exit code 1).',
        'provider.keys-down': 'passed: ',
        'provider.down': 'failed: The application ended (exit code 1).',
      },
    ],
  ])('is told what it believes, and at which check it ends: %s', async (group, expected) => {
    const { args, home } = await arranged('', '/', ['--only', group]);
    const command = args.map((word) => (word === hostile ? byHand : word));
    const { checks } = documentOf(await runProgram(command, { home })) as {
      checks: readonly { id: string; outcome: string; message: string }[];
    };
    const told = new Map(checks.map(({ id, outcome, message }) => [id, `${outcome}: ${message}`]));
    for (const [id, begin] of Object.entries(expected))
      expect(told.get(id)?.slice(0, begin.length), id).toBe(begin);
  });

  it('says once what it printed, in a report for people', async () => {
    const { args, home } = await arranged('', '/', ['--only', 'token.error-400,token.error-401']);
    const command = args
      .map((word) => (word === hostile ? byHand : word))
      .filter((word) => word !== '--json');
    const { stdout } = await runProgram(command, { home });
    expect(stdout.match(/TypeError/g)).toHaveLength(1);
    expect(stdout).toContain('It printed last what it did at token.error-400.');
    expect(stdout).toContain('More: logto-cli explain token');
  });
});

describe('an environment with secrets', () => {
  it('is passed on whole, and nothing of it is printed', async () => {
    const canaries = {
      DATABASE: 'postgres://app:canary-one@db.example/app',
      SENTRY_DSN: 'https://canary2@sentry.example/1',
      SETTING: 'canary three',
      JSON_SETTINGS: '{"password":"canary-4"}',
      LOGTO_APP_SECRET: 'canary-of-a-real-tenant',
      MY_KEY: Buffer.from('canary-5 in base64').toString('base64'),
    };
    const { args, home } = await arranged('shows-environment');
    for (const rest of [args, args.filter((word) => word !== '--json')]) {
      const outcome = await runProgram(rest, { home, environment: canaries });
      const said = outcome.stdout + outcome.stderr;
      expect(said).toContain('6 variables of 6');
      expect(said).not.toMatch(/canary/i);
      expect(said).not.toContain(canaries.MY_KEY);
    }
  });
});
