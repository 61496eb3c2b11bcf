import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemBrowser } from '../../src/browser/system-browser.js';
import { secretVariables, withoutSecretVariables } from '../../src/secret-variables.js';
import { countedProcesses } from '../support/counted-processes.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const url = 'https://id.example/auth?a=1&b=2';

/** A command that runs this script with Node; what it needs is in its own environment. */
async function command(script: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'browser.cjs');
  await writeFile(file, script);
  return `${process.execPath} ${file}`;
}

const openerOf = (browser: string, environment: Record<string, string> = {}) =>
  systemBrowser({
    environment: { ...process.env, ...environment, BROWSER: browser },
    platform: process.platform,
  });

/** The platform's way of opening, as a process of ours. */
const platformCommand = (script: string) => async (): Promise<ChildProcess> =>
  spawn(process.execPath, ['-e', script], { stdio: 'ignore' });

// The openers start them, and leave them alone.
beforeEach(() => countedProcesses.atOnce(3));

describe('BROWSER', () => {
  it('is started with the address, detached, and is left alone', async () => {
    const out = join(await temporaryDirectory(), 'out.json');
    const opener = openerOf(
      await command(`
        require('fs').writeFileSync(process.env.OUT + '.part', JSON.stringify({ pid: process.pid, arguments: process.argv.slice(2) }));
        require('fs').renameSync(process.env.OUT + '.part', process.env.OUT);
        setInterval(() => {}, 1000);
      `),
      { OUT: out },
    );
    expect(await opener.open(url)).toBe(true);
    const seen = JSON.parse(await vi.waitFor(() => readFile(out, 'utf8'), { timeout: 30_000 }));
    onTestFinished(() => void process.kill(seen.pid, 'SIGKILL'));
    expect(seen.arguments).toEqual([url]);
    if (process.platform !== 'win32') {
      // A process group of its own: Ctrl-C in the terminal does not end the browser.
      expect(process.kill(-seen.pid, 0)).toBe(true);
    }
  });

  it('gets the environment without our secrets', async () => {
    const out = join(await temporaryDirectory(), 'out.json');
    const secrets = Object.fromEntries(secretVariables.map((name) => [name, 'secret']));
    const opener = openerOf(
      await command(`require('fs').writeFileSync(process.env.OUT, JSON.stringify(process.env))`),
      { OUT: out, LOGTO_ENDPOINT: 'https://id.example', ...secrets },
    );
    expect(await opener.open(url)).toBe(true);
    const seen = await vi.waitFor(async () => JSON.parse(await readFile(out, 'utf8')), { timeout: 30_000 });
    expect(Object.values(seen)).not.toContain('secret');
    expect(seen).toMatchObject({ LOGTO_ENDPOINT: 'https://id.example', OUT: out });
  });

  it('is not opened when nothing is there to start', async () => {
    expect(await openerOf('/nonexistent/browser').open(url)).toBe(false);
    expect(await openerOf('no-such-browser-anywhere --flag').open(url)).toBe(false);
  });

  it.runIf(process.platform !== 'win32')('is not opened when the file is no program', async () => {
    const file = join(await temporaryDirectory(), 'browser');
    await writeFile(file, 'nothing');
    await chmod(file, 0o644);
    expect(await openerOf(file).open(url)).toBe(false);
  });

  it('is not opened when it ends with a failure at once, and is when it hands over and ends well', async () => {
    // `false` and `true` start fast enough on any machine; a Node process might not.
    expect(await openerOf('false').open(url)).toBe(false);
    expect(await openerOf('true').open(url)).toBe(true);
  });

  it('never falls back to the platform when it cannot be started', async () => {
    const opened: string[] = [];
    const opener = systemBrowser({
      environment: { BROWSER: '/nonexistent/browser' },
      platform: 'linux',
      async openWithPlatform(address) {
        opened.push(address);
        return platformCommand('')();
      },
    });
    expect(await opener.open(url)).toBe(false);
    expect(opened).toEqual([]);
  });
});

describe("the platform's browser", () => {
  it('is opened where BROWSER says nothing', async () => {
    for (const BROWSER of [undefined, '', '  ']) {
      const opened: string[] = [];
      const opener = systemBrowser({
        environment: { BROWSER },
        platform: 'linux',
        async openWithPlatform(address) {
          opened.push(address);
          return platformCommand('')();
        },
      });
      expect(await opener.open(url)).toBe(true);
      expect(opened).toEqual([url]);
    }
  });

  it('was not opened when its opener fails, throws or has ended with a failure already', async () => {
    const ended = await platformCommand('process.exit(3)')();
    await new Promise((resolve) => ended.once('exit', resolve));
    const failures = [
      async () => ended,
      async () => spawn('/nonexistent/opener'),
      async () => Promise.reject(new Error('no opener')),
    ];
    for (const openWithPlatform of failures) {
      expect(await systemBrowser({ environment: {}, platform: 'linux', openWithPlatform }).open(url)).toBe(
        false,
      );
    }
  });
});

describe('a browser to open', () => {
  it.each<[Record<string, string>, NodeJS.Platform, boolean]>([
    [{}, 'linux', false],
    [{ DISPLAY: '' }, 'linux', false],
    [{ DISPLAY: ':0' }, 'linux', true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
    [{ WSL_DISTRO_NAME: 'Debian' }, 'linux', true],
    [{ BROWSER: 'lynx' }, 'linux', true],
    [{ BROWSER: ' ' }, 'linux', false],
    [{}, 'freebsd', false],
    [{}, 'darwin', true],
    [{}, 'win32', true],
  ])('with %j on %s: %s', (environment, platform, available) => {
    expect(systemBrowser({ environment, platform }).available()).toBe(available);
  });
});

it('leaves the given environment as it is when it takes the secrets out', () => {
  const secrets = {
    LOGTO_APP_SECRET: 's',
    logto_cli_password: 'p',
    LOGTO_CLI_ALICE_PASSWORD: 'of a scenario',
  };
  const settings = { LOGTO_APP_ID: 'a', LOGTO_CLI_HOME: '/h', LOGTO_CLI_ISSUER: 'i', PATH: undefined };
  const environment = { ...secrets, ...settings };
  expect(withoutSecretVariables(environment)).toEqual(settings);
  expect(environment.LOGTO_APP_SECRET).toBe('s');
});
