import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findAppSecret, writeAppSecret } from '../../../src/profile/app-secret.js';
import { readConfiguration } from '../../../src/profile/config-file.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { storeSession } from '../../support/stored-session.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestMachine, type TestRuntime, testRuntime } from '../../support/test-runtime.js';

let home: string;
let runtime: TestRuntime;
beforeEach(async () => {
  home = await temporaryDirectory();
  runtime = testRuntime({ home });
});

const owner = { issuer: 'https://tenant.test/oidc', appId: 'app' };
const connection = ['--endpoint', 'https://tenant.test', '--app-id', 'app'];
const profiles = async () => (await readConfiguration(home)).profiles;

/** Runs `profile …` and gives back the document that it prints. */
async function profile(
  args: readonly string[],
  machine: TestRuntime = runtime,
): Promise<Record<string, unknown>> {
  machine.stdout.clear();
  await runInProcess(machine, ['profile', ...args, '--json']);
  return JSON.parse(machine.stdout.text) as Record<string, unknown>;
}

const machineWith = (machine: Partial<TestMachine>) => testRuntime({ home, ...machine });

describe('profile set', () => {
  it('makes a profile, and tells a person and a program', async () => {
    expect(await profile(['set', 'web', ...connection])).toEqual({
      name: 'web',
      endpoint: 'https://tenant.test',
      appId: 'app',
    });
    expect(await profiles()).toEqual({ web: { endpoint: 'https://tenant.test', appId: 'app' } });
  });

  it('leaves what is not given as it was', async () => {
    await profile(['set', 'web', ...connection]);
    await profile(['set', 'web', '--storage', 'file', '--ca-file', '/ca.pem']);
    expect((await profiles())['web']).toEqual({
      endpoint: 'https://tenant.test',
      appId: 'app',
      storage: 'file',
      caFile: '/ca.pem',
    });
  });

  it('keeps an issuer and the place of its document together', async () => {
    const issuer = 'https://id.test/{tenantid}/v2.0';
    const discoveryUrl = 'https://id.test/common/v2.0/.well-known/openid-configuration';
    await profile(['set', 'web', '--issuer', issuer, '--discovery-url', discoveryUrl, '--app-id', 'app']);
    expect(await profiles()).toEqual({ web: { issuer, discoveryUrl, appId: 'app' } });
    // Another place is one of the same issuer, and another issuer has no place yet.
    await profile(['set', 'web', '--discovery-url', 'https://id.test/organizations']);
    expect((await profiles())['web']).toEqual({
      issuer,
      discoveryUrl: 'https://id.test/organizations',
      appId: 'app',
    });
    await profile(['set', 'web', '--issuer', 'https://other.test']);
    expect((await profiles())['web']).toEqual({ issuer: 'https://other.test', appId: 'app' });
    await profile(['set', 'web', '--discovery-url', 'https://id.test/x']);
    await profile(['set', 'web', '--endpoint', 'https://tenant.test']);
    expect((await profiles())['web']).toEqual({ endpoint: 'https://tenant.test', appId: 'app' });
  });

  it.each([
    ['the issuer alone', ['--issuer', 'https://id.test']],
    ['the usual place', ['--discovery-url', 'https://id.test/.well-known/openid-configuration']],
  ])('drops the place of a document by %s, and nothing else', async (_, args) => {
    const issuer = 'https://id.test';
    await profile([
      'set',
      'web',
      '--issuer',
      issuer,
      '--discovery-url',
      'https://id.test/x',
      '--app-id',
      'app',
    ]);
    await profile(['set', 'web', '--ca-file', '/ca.pem']);
    expect((await profiles())['web']).toMatchObject({ discoveryUrl: 'https://id.test/x' });
    const kept = { issuer, appId: 'app', caFile: '/ca.pem' };
    expect(await profile(['set', 'web', ...args])).toEqual({ name: 'web', ...kept });
    expect((await profiles())['web']).toEqual(kept);
  });

  it.each([
    ['config_missing', ['--discovery-url', 'https://id.test/x']],
    ['config_invalid', ['--endpoint', 'https://tenant.test', '--discovery-url', 'https://id.test/x']],
    ['config_invalid', ['--issuer', 'https://id.test/{tenantid}/v2.0']],
    ['config_invalid', ['--issuer', 'https://{tenantid}.id.test', '--discovery-url', 'https://id.test/x']],
    ['issuer_insecure', ['--issuer', 'https://id.test', '--discovery-url', 'http://id.test/x']],
    ['config_invalid', ['--issuer', 'https://id.test', '--discovery-url', 'https://a:b@id.test/x']],
  ])('refuses with %s what nobody could sign in with: %j', async (code, args) => {
    expect(await failureOf(() => profile(['set', 'web', ...args]))).toMatchObject({ code });
    expect(await profiles()).toEqual({});
  });

  it('refuses the place of a document for a profile of Logto', async () => {
    await profile(['set', 'web', ...connection]);
    const failure = await failureOf(() => profile(['set', 'web', '--discovery-url', 'https://id.test/x']));
    expect(failure).toMatchObject({ code: 'config_invalid' });
  });

  it('keeps what was meant by what was typed, and says so', async () => {
    await profile(['set', 'web', '--endpoint', ' tenant.test/oidc ', '--app-id', '"app"']);
    expect((await profiles())['web']).toEqual({ endpoint: 'https://tenant.test', appId: 'app' });
    expect(runtime.stderr.lines).toEqual([
      '--endpoint is taken as https://tenant.test (blanks around it left out, https:// added, /oidc left out).',
      '--app-id is taken as app (quotes around it left out).',
    ]);
    await profile(['set', 'web', '--issuer', 'https://issuer.test/.well-known/openid-configuration']);
    expect((await profiles())['web']).toEqual({ issuer: 'https://issuer.test', appId: 'app' });
  });

  it('warns of a placeholder of documentation', async () => {
    await profile(['set', 'web', '--endpoint', 'https://tenant.logto.app', '--app-id', 'abc123']);
    expect(runtime.stderr.text).toContain('"https://tenant.logto.app" is a placeholder');
  });

  it('replaces an endpoint by an issuer, and back', async () => {
    await profile(['set', 'web', ...connection]);
    await profile(['set', 'web', '--issuer', 'https://issuer.test']);
    expect((await profiles())['web']).toEqual({ issuer: 'https://issuer.test', appId: 'app' });
    await profile(['set', 'web', '--endpoint', 'https://tenant.test/']);
    expect((await profiles())['web']).toEqual({ endpoint: 'https://tenant.test', appId: 'app' });
  });

  it.each([
    [['--endpoint', 'tenant'], 'config_invalid'],
    [['--endpoint', 'https://cloud.logto.io/abc123/applications'], 'config_invalid'],
    [['--endpoint', 'https://tenant.test/.well-known/openid-configuration'], 'config_invalid'],
    [['--endpoint', 'http://tenant.test'], 'issuer_insecure'],
    [['--issuer', 'tenant'], 'config_invalid'],
    [['--issuer', 'http://issuer.test'], 'issuer_insecure'],
    [['--endpoint', 'https://a.test', '--issuer', 'https://b.test'], 'config_invalid'],
    [['--storage', 'floppy'], 'config_invalid'],
    [['--app-id', ''], 'config_invalid'],
    [['--app-id', ' '], 'config_invalid'],
    [[], 'usage_invalid'],
  ])('refuses %j, and changes nothing', async (flags, code) => {
    await profile(['set', 'web', ...connection]);
    const before = await readFile(join(home, 'config.json'), 'utf8');
    const failure = await failureOf(runInProcess(runtime, ['profile', 'set', 'web', ...flags]));
    expect(failure.code).toBe(code);
    expect(await readFile(join(home, 'config.json'), 'utf8')).toBe(before);
  });

  it.each(['', '../up', '.config', 'a b', '__proto__'])('refuses the name %j', async (name) => {
    const failure = await failureOf(runInProcess(runtime, ['profile', 'set', name, ...connection]));
    expect(failure).toMatchObject({ code: 'config_invalid' });
  });

  it('refuses a name that differs from another only by case, and changes nothing', async () => {
    await profile(['set', 'web', ...connection]);
    const failure = await failureOf(runInProcess(runtime, ['profile', 'set', 'Web', ...connection]));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message).toContain('web');
    expect(Object.keys(await profiles())).toEqual(['web']);
  });

  it('loses nothing when two are set at once', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      names.map((name) => runInProcess(machineWith({}), ['profile', 'set', name, ...connection])),
    );
    expect(Object.keys(await profiles()).sort()).toEqual(names);
  });
});

describe('the secret of profile set', () => {
  const withSecret = ['--app-secret-stdin', '--storage', 'file'];

  it('goes to the storage, bound to its provider and application, never to the configuration file', async () => {
    const machine = machineWith({ input: 'a-very-secret' });
    const document = await profile(['set', 'web', ...connection, ...withSecret], machine);
    const storage = await machine.storage('file', 'web');
    expect(await findAppSecret(storage, owner)).toBe('a-very-secret');
    expect(await findAppSecret(storage, { ...owner, appId: 'other' })).toBeNull();
    expect(await findAppSecret(storage, { ...owner, issuer: 'https://other.test/oidc' })).toBeNull();
    expect(await storage.get('sessionSecret')).toBeNull();
    expect(await readFile(join(home, 'config.json'), 'utf8')).not.toContain('a-very-secret');
    expect(JSON.stringify(document) + machine.stderr.text).not.toContain('a-very-secret');
  });

  it('is told by its place alone', async () => {
    const machine = machineWith({ input: 'a-very-secret' });
    await profile(['set', 'web', ...connection, ...withSecret], machine);
    expect(await profile(['show', 'web'], machine)).toMatchObject({ secret: 'file' });
    machine.stdout.clear();
    await runInProcess(machine, ['profile', 'show', 'web']);
    expect(machine.stdout.text).toMatch(/^app secret +in file$/m);
    expect(machine.stdout.text).not.toContain('a-very-secret');
  });

  it('is typed unseen on a terminal', async () => {
    const machine = machineWith({ isTerminal: true, answers: ['typed'] });
    await profile(['set', 'web', ...connection, ...withSecret], machine);
    expect(await findAppSecret(await machine.storage('file', 'web'), owner)).toBe('typed');
    expect(machine.questions).toHaveLength(1);
  });

  it('is refused empty, or for nobody knows which application', async () => {
    const empty = failureOf(
      runInProcess(machineWith({ input: '' }), ['profile', 'set', 'web', ...connection, ...withSecret]),
    );
    const message = 'Nothing came on standard input for --app-secret-stdin.';
    expect(await empty).toMatchObject({ code: 'usage_invalid', message });
    const loose = failureOf(
      runInProcess(machineWith({ input: 'x' }), ['profile', 'set', 'web', ...withSecret]),
    );
    expect(await loose).toMatchObject({ code: 'config_missing' });
    expect(await profiles()).toEqual({});
  });

  it('goes where the environment says that tokens are kept', async () => {
    const machine = machineWith({ input: 'a-secret', environment: { LOGTO_CLI_STORAGE: 'file' } });
    await profile(['set', 'web', ...connection, '--app-secret-stdin'], machine);
    expect(await findAppSecret(await machine.storage('file', 'web'), owner)).toBe('a-secret');
    expect(machine.opened).not.toContain('keychain web');
  });
});

describe('profile list, show and use', () => {
  it('tell every profile, and the one in use', async () => {
    await profile(['set', 'web', ...connection]);
    await profile(['set', 'ci', '--issuer', 'https://issuer.test', '--app-id', 'ci-app']);
    expect(await profile(['use', 'web'])).toEqual({ current: 'web' });
    expect(await profile(['list'])).toEqual({
      current: 'web',
      profiles: [
        { name: 'ci', issuer: 'https://issuer.test', appId: 'ci-app' },
        { name: 'web', endpoint: 'https://tenant.test', appId: 'app' },
      ],
    });
    expect(await profile(['show'])).toMatchObject({ name: 'web' });
    expect(await profile(['show', 'ci'])).toMatchObject({ name: 'ci' });
    const machine = machineWith({ environment: { LOGTO_CLI_PROFILE: 'ci' } });
    expect(await profile(['show'], machine)).toMatchObject({ name: 'ci' });
  });

  it('have something to say to a person where there is nothing yet', async () => {
    await runInProcess(runtime, ['profile', 'list']);
    expect(runtime.stdout.text).toContain('logto-cli profile set');
  });

  it('show a person the issuer of an endpoint', async () => {
    await profile(['set', 'web', ...connection]);
    runtime.stdout.clear();
    await runInProcess(runtime, ['profile', 'show', 'web']);
    expect(runtime.stdout.text).toContain('https://tenant.test/oidc');
  });

  it.each([
    ['show', 'nobody'],
    ['use', 'nobody'],
    ['remove', 'nobody'],
    ['use', 'constructor'],
    ['remove', 'constructor'],
    ['show', 'toString'],
  ])('%s %s is profile_unknown, and changes nothing', async (action, name) => {
    const failure = await failureOf(runInProcess(runtime, ['profile', action, name]));
    // The name was an argument: no flag and no variable said it.
    expect(failure).toMatchObject({ code: 'profile_unknown', message: `There is no profile "${name}".` });
    expect(await readFile(join(home, 'config.json'), 'utf8').catch(() => 'none')).toBe('none');
  });

  it.each(
    ['show', 'use', 'remove'].flatMap((action) =>
      ['', '-x', 'a b', '..', 'a/b', 'Ä'].map((name) => [action, name]),
    ),
  )('%s of %j, which no profile can be called, proposes no command that would fail', async (action, name) => {
    const failure = await failureOf(runInProcess(runtime, ['profile', action, '--', name]));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: `${JSON.stringify(name)} cannot be the name of a profile.`,
      hint: expect.not.stringContaining('logto-cli'),
    });
  });

  it('remove takes away what only a hand can have written, and use does not choose it', async () => {
    const written = { version: 1, profiles: { 'a b': { endpoint: 'https://tenant.test' } } };
    await writeFile(join(home, 'config.json'), JSON.stringify(written), { mode: 0o600 });
    expect(await failureOf(() => profile(['use', 'a b']))).toMatchObject({ code: 'config_invalid' });
    expect(await profile(['remove', 'a b'])).toEqual({ removed: 'a b' });
    expect(await profiles()).toEqual({});
  });

  it('says what names an unknown profile where no argument does', async () => {
    const machine = machineWith({ environment: { LOGTO_CLI_PROFILE: 'nobody' } });
    await profile(['set', 'web', ...connection]);
    expect(await failureOf(runInProcess(machine, ['profile', 'show']))).toMatchObject({
      code: 'profile_unknown',
      message: 'There is no profile "nobody" (--profile, LOGTO_CLI_PROFILE).',
    });
    expect(await failureOf(runInProcess(runtime, ['profile', 'set', 'a b']))).toMatchObject({
      code: 'config_invalid',
      message: '"a b" cannot be the name of a profile.',
    });
  });

  it('use default, which is there before it is made', async () => {
    expect(await profile(['use', 'default'])).toEqual({ current: 'default' });
  });
});

describe('profile remove', () => {
  it('removes the profile, its tokens and its secret, wherever they are, and nobody else’s', async () => {
    const machine = machineWith({ input: 'a-secret' });
    await profile(['set', 'web', ...connection, '--app-secret-stdin', '--storage', 'file'], machine);
    await storeSession(machine, 'web', { kind: 'keychain' });
    await writeAppSecret(await machine.storage('keychain', 'web'), 'session', owner, 'of-the-session');
    await storeSession(machine, 'other', { kind: 'keychain' });
    await profile(['use', 'web'], machine);
    expect(await profile(['remove', 'web'], machine)).toEqual({ removed: 'web' });
    expect(await (await machine.storage('keychain', 'web')).get('tokenSet')).toBeNull();
    for (const key of ['appSecret', 'sessionSecret']) {
      expect(await (await machine.storage('file', 'web')).get(key)).toBeNull();
      expect(await (await machine.storage('keychain', 'web')).get(key)).toBeNull();
    }
    expect(await (await machine.storage('keychain', 'other')).get('tokenSet')).not.toBeNull();
    expect(await readConfiguration(home)).toEqual({ profiles: { other: { session: 'keychain' } } });
  });

  it('removes what a file has of it, recorded or not, and claims nothing else', async () => {
    await profile(['set', 'web', ...connection]);
    const place = await runtime.storage('file', 'web');
    await place.set('tokenSet', 'of a sign-in that was not recorded');
    runtime.stdout.clear();
    await runInProcess(runtime, ['profile', 'remove', 'web']);
    expect(await place.get('tokenSet')).toBeNull();
    expect(runtime.stdout.text).toBe(
      'The profile web is removed. No session or secret of it was recorded.\n',
    );
  });

  it('keeps the profile while its tokens cannot be removed', async () => {
    await storeSession(runtime, 'web', { kind: 'keychain' });
    const refuse = () => Promise.reject(new Error('a keychain that is broken'));
    const machine = machineWith({ keychain: { get: refuse, set: refuse, delete: refuse } });
    await expect(runInProcess(machine, ['profile', 'remove', 'web'])).rejects.toThrow('broken');
    expect(await profiles()).toHaveProperty('web');
  });
});
