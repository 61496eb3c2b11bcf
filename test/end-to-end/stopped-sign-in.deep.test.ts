import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, it, onTestFinished } from 'vitest';
import { published } from '../support/built.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

/** A shell with jobs, on a terminal of its own. */
function startShell(home: string) {
  const environment = {
    ...process.env,
    LOGTO_CLI_HOME: home,
    NO_COLOR: '1',
    TERM: 'xterm-256color',
    PS1: '',
  };
  const child = spawn('script', ['-qefc', 'bash --norc --noprofile -i', '/dev/null'], { env: environment });
  onTestFinished(() => void child.kill('SIGKILL'));
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  return {
    type: (text: string) => void child.stdin.write(text),
    /** Waits for what comes behind what was there before. */
    async says(pattern: RegExp): Promise<void> {
      while (!pattern.test(written)) await once(child.stdout, 'data');
      written = written.slice((pattern.exec(written)?.index ?? 0) + 1);
    },
    end: async () => {
      child.stdin.write('exit\r');
      await once(child, 'close');
    },
  };
}

it('a sign-in that is stopped gives the terminal back, and takes it again in the foreground', async () => {
  published('cli/start.cjs');
  const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
  const { flags } = providers.native;
  const command = [process.execPath, program, 'sign-in', ...flags, '--port', String(providers.port)];
  const shell = startShell(await temporaryDirectory());
  shell.type(`${[...command, '--no-browser', '--storage', 'file'].join(' ')}\r`);
  await shell.says(/left · Enter/);
  shell.type('\u001a');
  await shell.says(/Stopped/);
  shell.type('stty -a\r');
  await shell.says(/ icanon [\s\S]* echo /);
  shell.type('fg\r');
  await shell.says(/left · Enter/);
  shell.type('c');
  await shell.says(/is handed to the terminal/);
  // Taken to the background and back without being stopped there, nobody says a word.
  shell.type('\u001a');
  await shell.says(/Stopped/);
  shell.type('bg\r');
  await shell.says(/&/);
  shell.type('fg\r');
  await shell.says(/left · Enter/);
  shell.type('\u0003');
  await shell.says(/\(interrupted\)/);
  shell.type('echo code $?; stty -a\r');
  await shell.says(/code 130/);
  await shell.says(/ icanon [\s\S]* echo /);
  await shell.end();
});
