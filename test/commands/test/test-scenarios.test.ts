import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../src/check/run/check.js';
import { scenarioSchema } from '../../../src/check/scenario/scenario-schema.js';
import { defaultSeed } from '../../../src/testing.js';
import { patientRuntime } from '../../battery/battery-run.js';
import { schemaFaults } from '../../output/junit-schema.js';
import { failureOf } from '../../support/failure-of.js';
import { startRecordingProxy } from '../../support/recording-proxy.js';
import { runInProcess } from '../../support/run-in-process.js';
import { acme, api, startWatchedEmulator, type WatchedEmulator } from '../../support/session-home.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { interruption, type TestMachine } from '../../support/test-runtime.js';
import { writtenBy } from '../../support/text-encodings.js';

const password = 'emulator-only-password';
const totpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const environment = {
  LOGTO_CLI_USER: password,
  LOGTO_CLI_TOTP: totpSecret,
  LOGTO_CLI_NO_TOTP: 'one, two',
  LOGTO_CLI_EMPTY: '',
};
const passwordVariable = 'LOGTO_CLI_USER';
const named = (username: string) => ({ username, passwordVariable });

let emulator: WatchedEmulator;
beforeAll(async () => {
  const users = [
    { id: 'id-admin', username: 'admin', password, roles: ['things-user', 'admin'], name: password },
    { id: 'id-viewer', username: 'viewer', password, roles: ['viewer'] },
    { id: 'id-gone', username: 'gone', password, suspended: true },
    { id: 'id-totp', username: 'totp', password, totpSecret },
    { id: 'id-totp-twice', username: 'totp-twice', password, totpSecret },
  ];
  const { applications, resources, organizations } = defaultSeed();
  const [first] = organizations;
  emulator = await startWatchedEmulator({
    seed: {
      applications,
      resources,
      users,
      organizations: first === undefined ? [] : [{ ...first, members: ['admin'] }],
    },
  });
});
afterAll(() => emulator.close());

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  emulator.takeRequests();
});

/** Runs scenarios at the emulator. */
async function run(
  scenarios: readonly unknown[],
  args: readonly string[] = [],
  machine: Partial<TestMachine> = {},
  defaults: unknown = { endpoint: emulator.endpoint, appId: 'emulator-native' },
) {
  const file = join(home, 'scenarios.json');
  await writeFile(file, JSON.stringify({ defaults, scenarios }));
  const runtime = patientRuntime({ home, environment, ...machine });
  const exitCode = await runInProcess(runtime, ['test', file, ...args]);
  const { stdout, stderr } = runtime;
  return { exitCode, stdout: stdout.text, lines: stdout.lines, stderr: stderr.text, opened: runtime.opened };
}

async function reports(...given: Parameters<typeof run>): Promise<readonly CheckReport[]> {
  const [scenarios, args = [], ...rest] = given;
  return JSON.parse((await run(scenarios, [...args, '--json'], ...rest)).stdout).checks;
}

const roles = { scopes: ['roles'] };
const three = [
  { name: 'the admin sees the role', user: named('admin'), ...roles, expect: ['roles[]=admin'] },
  { name: 'the viewer does not', user: named('viewer'), ...roles, expect: ['roles', 'roles~^(?!.*admin)'] },
  { name: 'who is suspended is refused', user: named('gone'), expectError: 'account_locked' },
];

describe('test <file>', () => {
  it('shows a line for each scenario, in the order of the file', async () => {
    const { lines, stderr, exitCode, opened } = await run(three);
    expect(lines.map((line) => line.replace(/ \d+ ms$/, ''))).toEqual([
      `${emulator.issuer}, application emulator-native`,
      '  ✓ the admin sees the role',
      '  ✓ the viewer does not',
      '  ✓ who is suspended is refused',
      '',
      expect.stringMatching(/^3 passed in (\d+\.\d s|\d+ ms)$/),
    ]);
    expect({ stderr, exitCode, opened }).toEqual({ stderr: '', exitCode: 0, opened: [] });
  });

  it.each(Object.entries(writtenBy))('reads a file that was written as %s', async (_, write) => {
    const file = join(home, 'scenarios.json');
    await writeFile(file, write(`${JSON.stringify({ scenarios: three }, null, 2)}\n`));
    const runtime = patientRuntime({ home, environment });
    expect(await runInProcess(runtime, ['test', file, '--list'])).toBe(0);
    expect(runtime.stdout.lines).toHaveLength(three.length);
  });

  it('is a document of checks with --json, and a report for CI', async () => {
    const file = join(home, 'report.xml');
    const { stdout, stderr, exitCode } = await run(three, ['--json', '--reporter', `junit=${file}`]);
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'passed',
      checks: three.map(({ name }, index) => ({
        id: `scenario.${name.replaceAll(' ', '-')}`,
        title: name,
        outcome: 'passed',
        message: [
          'Signed in as id-admin, and the assertion holds.',
          'Signed in as id-viewer, and 2 assertions hold.',
          expect.stringMatching(/^Ended with account_locked, as expected: The user of the username "gone"/),
        ][index],
        durationMs: expect.any(Number),
      })),
    });
    const xml = await readFile(file, 'utf8');
    expect(schemaFaults(xml)).toEqual([]);
    expect(xml).toContain('scenario.the-viewer-does-not: the viewer does not');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('fails with what was seen where an assertion does not hold, and where a failure does not come', async () => {
    const wrong = [
      { name: 'a', user: named('viewer'), ...roles, expect: ['roles[]=admin', 'sub=id-viewer', 'email'] },
      { name: 'b', user: named('viewer'), expectError: 'account_locked' },
      { name: 'c', user: named('gone'), expectError: 'credentials_rejected' },
      { name: 'd', user: named('nobody') },
    ];
    const { exitCode, lines, stdout } = await run(wrong);
    expect(exitCode).toBe(1);
    expect(lines).toContain('  ✗ a (scenario.a, assertion_failed)');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '2 of 3 assertions failed: roles[]=admin: saw ["viewer"]; email: saw nothing',
    );
    const [, b, c, d] = await reports(wrong);
    expect(b).toMatchObject({
      outcome: 'failed',
      code: 'assertion_failed',
      message: 'Expected the failure account_locked, and the sign-in succeeded (sub id-viewer).',
    });
    expect(c).toMatchObject({
      outcome: 'failed',
      code: 'account_locked',
      message: expect.stringMatching(/^Expected the failure credentials_rejected, and saw account_locked: /),
    });
    expect(d).toMatchObject({ outcome: 'failed', code: 'credentials_rejected' });
  });

  it('gets the tokens of a resource and of an organization, or the refusal that is expected', async () => {
    const checks = await reports([
      {
        name: 'resource',
        user: named('admin'),
        resources: [api],
        scopes: ['read:things'],
        expect: [`access_token.aud=${api}`, 'access_token.scope[]=read:things', 'userinfo.sub=id-admin'],
      },
      {
        name: 'organization',
        user: named('admin'),
        organization: acme,
        scopes: ['read:org'],
        expect: [`access_token.organization=${acme}`, 'access_token.scope[]=read:org'],
      },
      { name: 'no member', user: named('viewer'), organization: acme, expectError: 'organization_denied' },
      { name: 'no resource', user: named('viewer'), resources: ['urn:x'], expectError: 'resource_unknown' },
    ]);
    expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  });

  it('registers a user who is new in every run, and gives second factors', async () => {
    const user = named('ci_{random}');
    const scenarios = [
      { name: 'new', user, signUp: true, scopes: ['email'], expect: ['username~^ci_[0-9a-f]{8}$'] },
      { name: 'taken', user: named('admin'), signUp: true, expectError: 'identifier_taken' },
      { name: 'factor', user: { ...named('totp'), totpSecretVariable: 'LOGTO_CLI_TOTP' } },
      { name: 'no factor', user: named('totp'), expectError: 'mfa_required' },
    ];
    for (const _ of ['once', 'again']) {
      const failed = (await reports(scenarios.slice(0, 2))).filter(({ outcome }) => outcome !== 'passed');
      expect(failed).toEqual([]);
    }
    expect((await reports(scenarios.slice(2))).map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
  });

  it('gives two sign-ins of one user two codes of the authenticator, and none twice', async () => {
    const user = { ...named('totp-twice'), totpSecretVariable: 'LOGTO_CLI_TOTP' };
    const twice = ['one', 'two'].map((name) => ({ name, user }));
    expect((await reports(twice)).map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    const codes = emulator.takeRequests().filter((request) => request.endsWith('/verification/totp/verify'));
    expect(codes).toHaveLength(2);
  });

  it('ends every session that it made, and touches none of a profile', async () => {
    await run(three);
    const requests = emulator.takeRequests();
    expect(requests.filter((request) => request === 'POST /oidc/token/revocation')).toHaveLength(2);
    expect(requests.filter((request) => request === 'POST /oidc/session/end/confirm')).toHaveLength(2);
  });

  it('runs so many at once as --jobs says', async () => {
    let most = 0;
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, user: named('viewer') }));
    for (const [jobs, expected] of [
      [1, 1],
      [3, 3],
    ] as const) {
      let underWay = 0;
      most = 0;
      emulator.onRequest = ({ path }) => {
        // Each begins with one and ends with the other.
        if (path === '/oidc/.well-known/openid-configuration') underWay += 1;
        most = Math.max(most, underWay);
        if (path === '/oidc/session/end/confirm') underWay -= 1;
      };
      expect((await run(many, ['--jobs', `${jobs}`])).exitCode).toBe(0);
      expect(most).toBe(expected);
    }
    emulator.onRequest = () => {};
  });

  it('blacks out what the variables hold, wherever it is repeated', async () => {
    const seen = await run([{ name: 'a', user: named('admin'), expect: ['name=Admin'] }], ['--verbose']);
    expect(seen.stdout).toContain('name=Admin: saw "‹redacted›"');
    expect(seen.stdout + seen.stderr).not.toContain(password);
  });

  it('is incomplete where the provider is out of reach, whatever was expected', async () => {
    const down = { endpoint: 'http://localhost:9', appId: 'app' };
    const scenarios = [
      { name: 'a', user: named('admin') },
      { name: 'b', user: named('gone'), expectError: 'account_locked' },
      { name: 'c', user: named('gone'), expectError: 'network_unreachable' },
    ];
    const { exitCode, stdout } = await run(scenarios, ['--json'], {}, down);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout).checks.map(({ outcome }: CheckReport) => outcome)).toEqual([
      'incomplete',
      'incomplete',
      'passed',
    ]);
  });

  it('ends when it is interrupted', async () => {
    const reason = interruption();
    expect(await failureOf(run(three, [], { interruption: AbortSignal.abort(reason) }))).toBe(reason);
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('ends the sessions of those that are under way when it is interrupted', async () => {
    const abort = new AbortController();
    const reason = interruption();
    emulator.onRequest = ({ path }) => {
      if (path === '/oidc/token') abort.abort(reason);
    };
    const interrupted = run(three.slice(0, 1), [], { interruption: abort.signal });
    expect(await failureOf(interrupted)).toBe(reason);
    emulator.onRequest = () => {};
    expect(emulator.takeRequests().slice(-4)).toEqual([
      'POST /oidc/token/revocation',
      'GET /oidc/session/end',
      'POST /oidc/session/end/confirm',
      'GET /oidc/session/end/success',
    ]);
  });
});

describe('the connection of a scenario', () => {
  const scenario = { name: 'a', user: named('viewer') };
  const elsewhere = { endpoint: 'http://localhost:9', appId: 'elsewhere' };
  const native = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];

  it('comes from flags, which are stronger than the defaults of the file', async () => {
    expect((await run([scenario], native(), {}, elsewhere)).exitCode).toBe(0);
  });

  it('comes from the environment, which is stronger too', async () => {
    const variables = { LOGTO_ENDPOINT: emulator.endpoint, LOGTO_APP_ID: 'emulator-native' };
    const machine = { environment: { ...environment, ...variables } };
    expect((await run([scenario], [], machine, elsewhere)).exitCode).toBe(0);
  });

  it('comes from flags and variables before a scenario of its own, and that is told', async () => {
    const own = { ...scenario, ...elsewhere };
    const flagged = await run([own], native());
    expect(flagged.exitCode).toBe(0);
    expect(flagged.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'scenarios[0] (a): it names the application elsewhere, while --app-id names emulator-native, and it names the provider ' +
        `http://localhost:9/oidc, while --endpoint names ${emulator.issuer}, which is stronger.`,
    );
    const variables = { LOGTO_ENDPOINT: emulator.endpoint, LOGTO_APP_ID: 'emulator-native' };
    const machine = { environment: { ...environment, ...variables } };
    expect((await run([own], [], machine)).exitCode).toBe(0);
  });

  it('comes from a scenario where nobody else says it, the secret by its variable', async () => {
    const own = {
      issuer: emulator.issuer,
      appId: 'emulator-traditional',
      appSecretVariable: 'LOGTO_CLI_WEB_SECRET',
    };
    const LOGTO_CLI_WEB_SECRET = 'emulator-only-app-secret';
    const machine = { environment: { ...environment, LOGTO_CLI_WEB_SECRET, LOGTO_APP_SECRET: 'of-another' } };
    const { exitCode, stdout } = await run([{ ...scenario, ...own }], [], machine);
    expect(stdout).toContain('1 passed');
    expect(exitCode).toBe(0);
  });

  it('comes without the secret that the file names for another application, and that is told', async () => {
    const own = { ...elsewhere, appSecretVariable: 'LOGTO_CLI_WEB_SECRET' };
    const machine = { environment: { ...environment, LOGTO_CLI_WEB_SECRET: 'of-another' } };
    const { exitCode, stderr } = await run([{ ...scenario, ...own }], native(), machine);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      'scenarios[0].appSecretVariable names LOGTO_CLI_WEB_SECRET, but the scenario names the application elsewhere, while --app-id names emulator-native',
    );
    expect(stderr).not.toContain('of-another');
    expect(exitCode).toBe(0);
  });

  it('comes from a profile, whose session is neither used nor changed', async () => {
    const runtime = patientRuntime({ home, environment });
    await runInProcess(runtime, ['profile', 'set', 'ci', '--storage', 'file', ...native()]);
    const { exitCode, opened } = await run([{ ...scenario, profile: 'ci' }], [], {}, {});
    expect({ exitCode, opened }).toEqual({ exitCode: 0, opened: [] });
  });

  it.each([
    [
      'a variable that is not set',
      { user: { username: 'a', passwordVariable: 'LOGTO_CLI_NOBODY' } },
      'config_missing',
      /NOBODY.*scenarios\[1\]\.user\.passwordVariable/,
    ],
    [
      'a variable that is empty',
      { user: { username: 'a', passwordVariable: 'LOGTO_CLI_EMPTY' } },
      'config_missing',
      /EMPTY/,
    ],
    [
      'a secret that is not set',
      { appSecretVariable: 'LOGTO_CLI_NOBODY' },
      'config_missing',
      /scenarios\[1\]\.appSecretVariable/,
    ],
    [
      'a TOTP secret that is none',
      { user: { ...named('a'), totpSecretVariable: 'LOGTO_CLI_NO_TOTP' } },
      'config_invalid',
      /scenarios\[1\]\.user\.totpSecretVariable/,
    ],
    ['a profile that nobody made', { profile: 'nobody' }, 'profile_unknown', /scenarios\[1\] \(b\): /],
    ['no such member', { password: 'x' }, 'config_invalid', /scenarios\[1\]\.password/],
    [
      'a redirect URI that is none',
      { redirectUri: 'http://' },
      'config_invalid',
      /scenarios\[1\]\.redirectUri/,
    ],
  ])('is known to be wrong before anybody signs in: %s', async (_, change, code, message) => {
    const wrong = { name: 'b', user: named('viewer'), ...change };
    const connection = 'profile' in change ? {} : undefined;
    const sound = { ...scenario, endpoint: emulator.endpoint, appId: 'emulator-native' };
    const failure = await failureOf(run([sound, wrong], [], {}, connection));
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(emulator.takeRequests()).toEqual([]);
  });
});

describe('what a file of scenarios may name', () => {
  const scenario = (user: Readonly<Record<string, string>>, more: unknown = {}) => [
    { name: 'a', user: { username: 'viewer', passwordVariable, ...user }, ...(more as object) },
  ];
  const secrets = {
    DEPLOY_KEY: 'canary-deploy-key',
    LOGTO_APP_SECRET: 'canary-app-secret',
    LOGTO_CLI_CLIENT_KEY: '-----BEGIN canary-client-key',
    LOGTO_CLI_PASSWORD: 'canary-password',
    LOGTO_CLI_TOTP_SECRET: totpSecret,
    LOGTO_ACCESS_TOKEN: 'canary-access-token',
  };
  const machine = { environment: { ...environment, ...secrets } };

  it.each([
    ['DEPLOY_KEY', 'passwordVariable'],
    ['LOGTO_APP_SECRET', 'passwordVariable'],
    ['LOGTO_ACCESS_TOKEN', 'passwordVariable'],
    ['LOGTO_CLI_CLIENT_KEY', 'passwordVariable'],
    ['LOGTO_CLI_TOTP_SECRET', 'passwordVariable'],
    ['LOGTO_CLI_PASSWORD', 'totpSecretVariable'],
    ['LOGTO_CLI_PASSWORD', 'backupCodeVariable'],
    ['DEPLOY_KEY', 'totpSecretVariable'],
    ['DEPLOY_KEY', 'backupCodeVariable'],
    // Whether it is set makes no difference.
    ['NOT_SET', 'passwordVariable'],
  ])('is no variable of something else: %s as %s', async (name, member) => {
    const failure = await failureOf(run(scenario({ [member]: name }), [], machine));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(`scenarios[0].user.${member}`),
      details: { variable: name },
    });
    expect(failure.message).toContain(name);
    expect(`${failure.message} ${failure.hint}`).not.toContain('canary');
    expect(emulator.takeRequests()).toEqual([]);
  });

  it.each([
    ['oneTimeTokenVariable', { user: { email: 'a@example.test', oneTimeTokenVariable: 'DEPLOY_KEY' } }],
    ['appSecretVariable', { appSecretVariable: 'DEPLOY_KEY' }],
    ['appSecretVariable', { appSecretVariable: 'LOGTO_CLI_PASSWORD' }],
  ])('is no variable of something else as %s: %j', async (member, more) => {
    const failure = await failureOf(run(scenario({}, more), [], machine));
    expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(member) });
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('is a variable that the command line allows, and that alone', async () => {
    const ours = { environment: { ...environment, VIEWER: password, OTHER: password } };
    const allowed = ['--allow-variable', 'VIEWER'];
    expect((await run(scenario({ passwordVariable: 'VIEWER' }), allowed, ours)).exitCode).toBe(0);
    const failure = await failureOf(run(scenario({ passwordVariable: 'OTHER' }), allowed, ours));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.hint).toContain('--allow-variable OTHER');
  });

  it.each(['*', 'LOGTO_*', 'A,B', 'A B'])('is allowed by no pattern: --allow-variable %j', async (name) => {
    await expect(run(scenario({}), ['--allow-variable', name])).rejects.toThrow(
      /one variable, and no pattern/,
    );
  });

  it.each([
    [{ LOGTO_ENDPOINT: 'https://elsewhere.test' }],
    [{ LOGTO_APP_ID: 'other' }],
    [{ LOGTO_CLI_ISSUER: 'https://elsewhere.test/oidc' }],
  ])('is no secret of a variable whose source is about something else: %j', async (home) => {
    const flags = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
    const failure = await failureOf(
      run(scenario({}), flags, { environment: { ...environment, ...home } }, {}),
    );
    expect(failure).toMatchObject({
      code: 'config_missing',
      message: expect.stringMatching(/LOGTO_CLI_USER is set, but the environment names .* it is not used/),
    });
    expect(emulator.takeRequests()).toEqual([]);
  });

  const remote = { endpoint: 'https://evil.example', appId: 'app' };
  it.each([
    ['usage_invalid', '--allow-remote', []],
    ['usage_invalid', '--allow-remote', ['--allow-origin', 'https://evil.example']],
    ['config_invalid', '--allow-origin https://evil.example', ['--allow-remote']],
    [
      'config_invalid',
      '--endpoint https://evil.example',
      ['--allow-remote', '--allow-origin', 'https://good.example'],
    ],
  ])('is no provider off this machine that nobody else names: %s, %s', async (code, hint, args) => {
    const proxy = await startRecordingProxy(null);
    const everything = { ...environment, ...secrets, HTTPS_PROXY: proxy.url };
    for (const [defaults, own] of [
      [remote, {}],
      [{}, remote],
    ] as const) {
      const failure = await failureOf(run(scenario({}, own), args, { environment: everything }, defaults));
      expect(failure).toMatchObject({ code, hint: expect.stringContaining(hint) });
    }
    await proxy.close();
    expect(proxy.requests).toEqual([]);
  });

  it('is such a provider where its origin is allowed, or a flag names it', async () => {
    for (const args of [
      ['--allow-remote', '--allow-origin', 'https://evil.example'],
      ['--allow-remote', '--endpoint', 'https://evil.example'],
    ]) {
      const { exitCode, stdout } = await run(scenario({}), args, { environment }, remote);
      // There is no such host: that it was looked for is all.
      expect(stdout).toContain('network_unreachable');
      expect(exitCode).toBe(3);
    }
  });
});

describe('the flags of test <file>', () => {
  it('choose scenarios with --only, and list them', async () => {
    const only = ['--only', 'the-viewer-does-not,scenario.who-is-suspended-is-refused'];
    const { lines } = await run(three, [...only, '--list']);
    expect(lines).toEqual([
      'scenario.the-viewer-does-not  the viewer does not',
      'scenario.who-is-suspended-is-refused  who is suspended is refused',
    ]);
    expect(emulator.takeRequests()).toEqual([]);
    expect((await reports(three, only)).map(({ title }) => title)).toEqual([
      'the viewer does not',
      'who is suspended is refused',
    ]);
  });

  it('print the schema with --schema', async () => {
    const runtime = patientRuntime({ home });
    expect(await runInProcess(runtime, ['test', '--schema'])).toBe(0);
    expect(runtime.stdout.text).toBe(`${JSON.stringify(scenarioSchema(), null, 2)}\n`);
  });

  it.each([
    [['--only', 'nobody'], 'usage_invalid'],
    [['--device'], 'usage_invalid'],
    [['--redirect-uri', 'nowhere'], 'config_invalid'],
  ])('are refused where they mean nothing: %j', async (args, code) => {
    expect(await failureOf(run(three, args))).toMatchObject({ code });
  });

  it('are refused where there is no file', async () => {
    const runtime = patientRuntime({ home });
    const failure = await failureOf(runInProcess(runtime, ['test', '--jobs', '2']));
    expect(failure).toMatchObject({ code: 'usage_invalid' });
    const missing = await failureOf(runInProcess(runtime, ['test', join(home, 'nowhere.json')]));
    expect(missing).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('ENOENT') });
  });
});
