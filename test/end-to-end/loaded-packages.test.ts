import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileStorage, LogtoClient } from '../../src/index.js';
import { followSignIn, startEmulator } from '../../src/testing.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
const fetchOnce = (url: string, init?: object) => fetch(url, { ...init, redirect: 'manual' });

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'logto-cli-loaded-'));
  const { endpoint, description, close } = await startEmulator();
  const [application, user] = [description.applications[0], description.users[0]];
  if (!application || !user) throw new Error('the default seed is empty');
  const storage = new FileStorage({ directory: join(home, 'sessions', 'default') });
  const client = new LogtoClient({ endpoint, appId: application.appId }, { storage });
  const authorizationUrl = await client.signIn({ redirectUri: application.redirectUris[0] ?? '' });
  await client.handleSignInCallback(await followSignIn({ authorizationUrl, ...user, fetch: fetchOnce }));
  await close();
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('a command that needs no network', () => {
  it.each([
    { args: ['--version'], prints: /^\d+\.\d+\.\d+$/m },
    { args: ['--help'], prints: /sign-in/ },
    { args: ['whoami', '--storage', 'file'], prints: /alice/ },
  ])('$args loads no package but commander', async ({ args, prints }) => {
    const { stdout, packages } = await run(args);

    expect(stdout).toMatch(prints);
    expect(packages.filter((name) => name !== 'commander')).toEqual([]);
  });
});

/** Runs the built program. Node's coverage names every module that was loaded. */
async function run(args: readonly string[]): Promise<{ stdout: string; packages: readonly string[] }> {
  const coverage = await mkdtemp(join(home, 'coverage-'));
  const env = { ...process.env, LOGTO_CLI_HOME: home, NODE_V8_COVERAGE: coverage };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env });
  const [file = ''] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, file), 'utf8')) as {
    result: { url: string }[];
  };
  const packages = result.flatMap(({ url }) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  return { stdout, packages: [...new Set(packages)] };
}
