import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { certificateFile } from '../support/certificate-files.js';
import { type LocalServer, readText, startLocalServer } from '../support/local-server.js';
import { runProgram } from '../support/program.js';
import { startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What a job for pull requests has in its environment, beside the provider that it tests. */
const secrets = {
  LOGTO_APP_SECRET: 'canary-app-secret-0123456789',
  LOGTO_CLI_PASSWORD: 'canary-password',
  LOGTO_CLI_TOTP_SECRET: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  LOGTO_CLI_BACKUP_CODE: 'canary-backup-code',
  LOGTO_CLI_ONE_TIME_TOKEN: 'canary-one-time-token',
  LOGTO_CLI_ALICE: 'canary-of-alice',
  LOGTO_ACCESS_TOKEN: 'canary-access-token',
  DEPLOY_KEY: 'canary-deploy-key',
};

/** Plays a provider for whoever comes, and takes down all that is sent to it. */
let attacker: LocalServer;
let taken: string[];
let emulator: WatchedEmulator;
beforeAll(async () => {
  emulator = await startWatchedEmulator();
  attacker = await startLocalServer(async (request, response) => {
    taken.push(
      `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${await readText(request)}`,
    );
    const { origin } = attacker;
    response.setHeader('content-type', 'application/json');
    response.setHeader('set-cookie', '_interaction=x; path=/');
    if (request.url?.startsWith('/oidc/auth')) response.writeHead(303, { location: '/sign-in' });
    if (request.method === 'PUT') {
      response.writeHead(204).end();
      return;
    }
    response.end(
      JSON.stringify({
        issuer: `${origin}/oidc`,
        authorization_endpoint: `${origin}/oidc/auth`,
        token_endpoint: `${origin}/oidc/token`,
        jwks_uri: `${origin}/oidc/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        verificationId: 'v',
        redirectTo: `${origin}/oidc/auth/1`,
      }),
    );
  });
});
afterAll(() => Promise.all([emulator.close(), attacker.close()]));

let repository: string;
let home: string;
beforeEach(async () => {
  [repository, home] = [await temporaryDirectory(), await temporaryDirectory()];
  taken = [];
});

/** The job: the provider and its secrets are the environment's, the files are the pull request's. */
async function job(command: readonly string[], dotenv: readonly string[], scenarios?: unknown) {
  await writeFile(join(repository, '.env'), `${dotenv.join('\n')}\n`);
  if (scenarios !== undefined) await writeFile(join(repository, 'sign-ins.json'), JSON.stringify(scenarios));
  const environment = {
    LOGTO_ENDPOINT: emulator.endpoint,
    LOGTO_APP_ID: 'emulator-traditional',
    LOGTO_CLI_STORAGE: 'memory',
    // Empty is not set: the file's would count.
    LOGTO_CLI_HOME: '',
    ...Object.fromEntries(['CONFIG', 'DATA', 'STATE', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, home])),
    ...secrets,
  };
  const options = { home, environment, directory: repository };
  return runProgram([...command, '--dotenv', '.env'], options);
}

const everythingElsewhere = () => [
  `LOGTO_ENDPOINT=${attacker.origin}`,
  `LOGTO_CLI_ISSUER=`,
  'LOGTO_APP_ID=mine',
  'LOGTO_CLI_PROFILE=default',
  `HTTPS_PROXY=${attacker.origin}`,
  `HTTP_PROXY=${attacker.origin}`,
  `NODE_EXTRA_CA_CERTS=${certificateFile('authority')}`,
  'NODE_TLS_REJECT_UNAUTHORIZED=0',
  `LOGTO_CLI_HOME=${join(repository, 'planted')}`,
  `XDG_CONFIG_HOME=${join(repository, 'planted')}`,
  `BROWSER=${join(repository, 'browser')}`,
  `GITHUB_ACTIONS=true`,
  `GITHUB_STEP_SUMMARY=${join(repository, 'overwritten')}`,
];

/** A configuration that leads elsewhere, with a key of somebody else's. */
async function plantConfiguration() {
  await mkdir(join(repository, 'planted'), { recursive: true });
  const profile = { endpoint: attacker.origin, appId: 'mine', caFile: certificateFile('authority') };
  const text = JSON.stringify({ version: 1, current: 'default', profiles: { default: profile } });
  await writeFile(join(repository, 'planted', 'config.json'), text);
  await writeFile(join(repository, 'browser'), `#!/bin/sh\ntouch ${join(repository, 'started')}\n`, {
    mode: 0o755,
  });
}

const withVariable = (passwordVariable: string, more: object = {}) => ({
  defaults: { endpoint: attacker.origin, appId: 'mine', redirectUri: `${attacker.origin}/callback`, ...more },
  scenarios: [{ name: 'a', user: { username: 'alice', passwordVariable }, ...more }],
});

describe('a pull request that changes the files of a project', () => {
  const variables = [...Object.keys(secrets), 'LOGTO_CLI_CLIENT_KEY', 'PATH'];

  it.each(variables)(
    'gets nothing by a file of scenarios that names %s and a provider of its own',
    async (name) => {
      await plantConfiguration();
      const outcome = await job(
        ['test', 'sign-ins.json', '--json', '--reporter', 'github'],
        everythingElsewhere(),
        withVariable(name),
      );
      expect(outcome.exitCode).not.toBe(0);
      expect(taken).toEqual([]);
      for (const secret of Object.values(secrets))
        expect(outcome.stdout + outcome.stderr).not.toContain(secret);
      expect(existsSync(join(repository, 'overwritten'))).toBe(false);
    },
  );

  it('gets nothing by a scenario that names the profile, the provider and the secret itself', async () => {
    const more = { endpoint: attacker.origin, profile: 'default', appSecretVariable: 'LOGTO_CLI_ALICE' };
    await job(['test', 'sign-ins.json', '--json'], [], withVariable('LOGTO_CLI_ALICE', more));
    expect(taken).toEqual([]);
  });

  it.each([
    ['sign-in --headless', ['sign-in', '--headless', '--username', 'alice', '--json']],
    ['sign-in', ['sign-in', '--port', '0', '--timeout', '1', '--login-hint', 'a@example.test', '--json']],
    ['token', ['token', '--client-credentials', '--json']],
    ['test --as', ['test', '--as', 'alice', '--only', 'sign-in.code', '--json']],
    ['test', ['test', '--only', 'token', '--json']],
    ['doctor', ['doctor', '--json', '--port', '0']],
  ])('gets nothing by the file of --dotenv: %s', async (_, command) => {
    await plantConfiguration();
    const outcome = await job(command, everythingElsewhere());
    expect(taken).toEqual([]);
    expect(existsSync(join(repository, 'started'))).toBe(false);
    expect(outcome.stderr).toContain('LOGTO_CLI_HOME in the file of --dotenv has no effect');
    expect(outcome.stdout).toContain('{');
  });

  it('gets what is its own: a provider that it names, and secrets of its own file', async () => {
    await writeFile(join(repository, 'sign-ins.json'), JSON.stringify(withVariable('LOGTO_CLI_MINE')));
    await writeFile(join(repository, '.env'), 'LOGTO_CLI_MINE=mine\n');
    await runProgram(['test', 'sign-ins.json', '--dotenv', '.env'], { home, directory: repository });
    expect(taken.join('\n')).toContain('"password":"mine"');
  });

  it('is told by the failure itself what was set aside, and why', async () => {
    const environment = { LOGTO_ENDPOINT: 'https://elsewhere.test', LOGTO_CLI_PASSWORD: 'canary-password' };
    const args = ['sign-in', '--headless', '--username', 'alice', '--storage', 'memory', '--json'];
    const outcome = await runProgram(
      [...args, '--endpoint', emulator.endpoint, '--app-id', 'emulator-native'],
      {
        home,
        environment,
      },
    );
    const { error } = JSON.parse(outcome.stdout);
    expect(error).toMatchObject({ code: 'config_missing' });
    expect(error.hint).toMatch(
      /LOGTO_CLI_PASSWORD is set, but the environment names the provider .* it is not used/,
    );
  });
});
