import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn } from '../../src/headless/follow-sign-in.js';
import { documentOf, startProgram } from '../support/program.js';
import type { Providers, RegistrationName } from './providers.js';
import { providersAndHome } from './providers-and-home.js';
import { fetchOnce, filesOf, tokensOf } from './sign-in-run.js';

let providers: Providers;
let home: string;
providersAndHome((running, directory) => {
  providers = running;
  home = directory;
});

const signIn = (name: RegistrationName) => [
  ...['sign-in', ...providers[name].flags, '--port', String(providers.port)],
  ...['--no-browser', '--storage', 'file'],
];

/** Signs in somewhere from where the callback cannot be reached: the address that such a browser ends on. */
function endedOn(authorizationUrl: string, name: RegistrationName): Promise<string> {
  const { username, password } = providers[name].user;
  return followSignIn({ authorizationUrl, username, password, fetch: fetchOnce, cookies: new CookieJar() });
}

const names: readonly RegistrationName[] = ['native', 'plainPublic'];

describe('the address that a browser elsewhere ended on', () => {
  it.each(names)(
    'is pasted at the terminal, which shows nothing of it and is as it was: %s',
    async (name) => {
      const program = startProgram(signIn(name), {
        home,
        terminal: true,
        showsSettings: true,
        columns: 80,
        environment: {
          TERM: 'xterm-256color',
          SSH_CONNECTION: '198.51.100.4 51000 192.0.2.7 22',
          USER: 'alice',
        },
      });
      const url = await program.address('stdout');
      await program.says('stdout', /left · Enter opens it again/);
      program.send('\u001b[200~http://localhost:1/callback?code=CANARY-CODE&state=CANARY-STATE\u001b[201~\r');
      await program.says('stdout', /What was pasted is of another port/);
      const callback = await endedOn(url, name);
      const code = new URL(callback).searchParams.get('code') ?? '';
      // Wrapped, quoted, and as a terminal sends it that knows no brackets.
      program.send(`"${callback.replace(/(.{50})/g, '$1\r\n ')}"\r`);
      const { exitCode, stdout } = await program.ended;
      expect(exitCode, stdout).toBe(0);
      expect(stdout).toContain(`ssh -L ${providers.port}:localhost:${providers.port} alice@192.0.2.7`);
      expect(stdout).toContain('Signed in as');
      expect(stdout).not.toMatch(/CANARY/);
      expect(stdout).not.toContain(code);
      const settings = stdout.split('\r\n').filter((line) => /^[0-9a-f]+(:[0-9a-f]+){10,}$/.test(line));
      expect(settings).toHaveLength(2);
      expect(settings[0]).toBe(settings[1]);
      expect(stdout.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?2004h'));
      expect(Object.values(filesOf(home)).join('')).not.toContain(code);
    },
  );

  it.each(names)('comes on standard input, from a program that reads events: %s', async (name) => {
    const program = startProgram([...signIn(name), '--callback-stdin', '--json-events'], {
      home,
      keepsInput: true,
    });
    const event = (which: string) =>
      program.line('stderr', new RegExp(`"event":"${which}"`)).then((line) => JSON.parse(line));
    const { url } = await event('authorization_url');
    program.send('nothing of use\n\ncode=CANARY-CODE&state=CANARY-STATE\n');
    expect(await event('warning')).toEqual({
      event: 'warning',
      message: 'A line of standard input is no address, and no query of one; not taken, still waiting.',
    });
    const callback = await endedOn(url, name);
    program.send(`${new URL(callback).search}\n`);
    const outcome = await program.ended;
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    expect(documentOf(outcome)).toMatchObject({ appId: providers[name].appId });
    expect(outcome.stderr).toContain('another state than ours');
    expect(outcome.stderr).not.toContain('CANARY');
    expect(outcome.stderr).not.toContain(new URL(callback).searchParams.get('code'));
    expect(tokensOf(home)).not.toBeNull();
  });

  it('is no more than the browser: it can end, and the browser still comes', async () => {
    const program = startProgram([...signIn('native'), '--callback-stdin', '--json-events'], {
      home,
      keepsInput: true,
    });
    const { url } = JSON.parse(await program.line('stderr', /"event":"authorization_url"/));
    program.endInput();
    expect(await program.line('stderr', /stdin/)).toBe('{"event":"stdin_ended"}');
    await fetch(await endedOn(url, 'native'));
    expect((await program.ended).exitCode).toBe(0);
  });

  it('ends with words for a person', async () => {
    const program = startProgram([...signIn('native'), '--callback-stdin'], { home, keepsInput: true });
    await program.address();
    program.endInput();
    await program.says('stderr', /Standard input has ended: now the browser alone/);
  });
});
