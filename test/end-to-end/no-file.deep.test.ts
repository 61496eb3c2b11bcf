import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileStorage } from '../../src/storage/file-storage.js';
import { countedProcesses } from '../support/counted-processes.js';
import { documentOf, runProgram } from '../support/program.js';
import { makeNamedPipe } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
const application = ['--issuer', 'http://localhost:1', '--app-id', 'x'];

/** Every file that the program reads, by how it is named; the path is appended, or put where `%` is. */
const named: Readonly<Record<string, readonly string[]>> = {
  '--dotenv': ['whoami', '--dotenv', '%'],
  '--seed': ['emulator', '--port', '0', '--seed', '%'],
  'a file of scenarios': ['test', '%', ...application],
  '--client-key': ['token', '--client-credentials', ...application, '--client-key', '%'],
  '--ca-file': ['token', '--client-credentials', ...application, '--ca-file', '%'],
};

async function namedPipe(): Promise<string> {
  const path = join(await temporaryDirectory(), 'pipe');
  await makeNamedPipe(path);
  return path;
}

describe.skipIf(process.platform === 'win32')('a pipe, with nobody at its other end, in the place of', () => {
  it.each(Object.entries(named))('%s is refused at once', async (_, args) => {
    const [home, path] = [await temporaryDirectory(), await namedPipe()];
    const outcome = await runProgram(
      args.map((argument) => (argument === '%' ? path : argument)),
      { home, environment: { LOGTO_APP_SECRET: 'x', LOGTO_CLI_STORAGE: 'file' } },
    );
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/\(it is a named pipe\)\. \(config_invalid\)\nhint: /);
    expect(outcome.stderr).toContain(path);
  });

  it('the configuration is refused at once', async () => {
    const home = await temporaryDirectory();
    await makeNamedPipe(join(home, 'config.json'));
    const { exitCode, stderr } = await runProgram(['whoami'], { home });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${join(home, 'config.json')} is a named pipe. (config_invalid)`);
  });

  it('a session is refused at once', async () => {
    const home = await temporaryDirectory();
    const directory = join(home, 'sessions/default');
    await new FileStorage({ directory }).set('other', 'value');
    await makeNamedPipe(join(directory, 'key-token%53et'));
    const { exitCode, stderr } = await runProgram(['whoami', '--storage', 'file'], { home });
    expect(exitCode).toBe(8);
    expect(stderr).toMatch(/key-token%53et is a named pipe: .*\(storage_corrupt\)/);
  });

  it('a ticket of a lock costs what a dead owner costs, and not more', async () => {
    const home = await temporaryDirectory();
    await runProgram(['profile', 'set', 'web', ...application], { home });
    const name = `.config.lock.1.${crypto.randomUUID()}.x.1.1`;
    await makeNamedPipe(join(home, 'locks', name));
    const { exitCode } = await runProgram(['profile', 'use', 'web'], { home });
    expect(exitCode).toBe(0);
  });
});

/** Runs the program from a shell that puts the end of a pipe in the place of the file. */
async function runWithPipe(args: readonly string[], feeder: string, home: string) {
  const command = args.map((argument) => (argument === '%' ? `<(${feeder})` : `'${argument}'`)).join(' ');
  const child = await countedProcesses.start(() =>
    spawn('bash', ['-c', `exec '${process.execPath}' '${program}' ${command}`], {
      env: { ...process.env, LOGTO_CLI_HOME: home, LOGTO_CLI_STORAGE: 'file' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
    });
  const ended = once(child, 'close').then(([exitCode, signal]) => ({ exitCode, signal, ...written }));
  return { child, ended };
}

describe.skipIf(process.platform === 'win32')('a pipe that its user names as one', () => {
  it('is read to its end by --dotenv, from a shell', async () => {
    const home = await temporaryDirectory();
    const feeder = 'sleep 0.1; echo LOGTO_CLI_PROFILE=from-; sleep 0.1; echo LOGTO_CLI_PROFILE=from-the-pipe';
    const { ended } = await runWithPipe(['whoami', '--dotenv', '%'], feeder, home);
    const { stderr } = await ended;
    expect(stderr).toContain('from-the-pipe');
  });

  it('is read by --dotenv as standard input', async () => {
    const outcome = await runProgram(['whoami', '--json', '--dotenv', '/dev/stdin'], {
      home: await temporaryDirectory(),
      stdin: 'LOGTO_CLI_PROFILE=from-the-pipe\n',
    });
    expect(documentOf(outcome).error.message).toContain('from-the-pipe');
  });

  it('is read by a file of scenarios', async () => {
    const outcome = await runProgram(['test', '/dev/stdin', '--list', ...application], {
      home: await temporaryDirectory(),
      stdin: '{ "scenarios": "none" }',
    });
    expect(outcome.stderr).toMatch(/scenarios/);
    expect(outcome.stderr).not.toContain('cannot be read');
  });

  it.each(['--dotenv', '--seed', 'a file of scenarios'])(
    'and that says nothing can be interrupted: %s',
    async (what) => {
      const home = await temporaryDirectory();
      const started = join(home, 'started');
      // More than a pipe holds: that it is written means that it is being read. Our streams are not the feeder's to
      // hold open.
      const feeder = `head -c 300000 /dev/zero | tr '\\0' ' '; touch '${started}'; exec sleep 30 2>&-`;
      const { child, ended } = await runWithPipe(named[what] ?? [], feeder, home);
      await expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true);
      child.kill('SIGINT');
      const { exitCode, signal } = await ended;
      expect(['SIGINT', 130]).toContain(signal ?? exitCode);
    },
  );
});
