import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { documentOf, runProgram } from '../support/program.js';
import {
  acme,
  api,
  changeRecord,
  everything,
  signInAt,
  startWatchedEmulator,
  type WatchedEmulator,
} from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';
import { browserOf, filesOf, signIn, tokensOf, VisitingBrowser } from './sign-in-run.js';

const environment = { LOGTO_CLI_STORAGE: 'file' };

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

describe("Logto's rules for tokens", () => {
  let emulator: WatchedEmulator;
  beforeAll(async () => {
    emulator = await startWatchedEmulator();
  });
  afterAll(() => emulator.close());

  const token = (args: readonly string[]) => runProgram(['token', ...args], { home, environment });

  it.each([
    { what: 'a user without a role', signsIn: { ...everything, username: 'bob' }, args: ['--resource', api] },
    {
      what: 'a sign-in that asked for no scope of the resource',
      signsIn: { resources: [api] },
      args: ['--resource', api],
    },
    {
      what: 'a sign-in that did not ask for the resource of organizations',
      signsIn: { scopes: ['urn:logto:scope:organizations', 'read:org'] },
      args: ['--organization', acme],
    },
  ])('an empty scope is a warning on stderr, and a token ($what)', async ({ signsIn, args }) => {
    await signInAt(emulator, home, signsIn);

    const bare = await token(args);
    const document = await token([...args, '--json']);

    for (const outcome of [bare, document]) {
      expect(outcome.exitCode).toBe(0);
      expect(outcome.stderr).toMatch(/^warning: .*no scope.*\n$/);
      expect(outcome.stderr).toContain(args[1]);
    }
    expect(bare.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeJwt(bare.stdout.trim())?.claims['scope'] ?? '').toBe('');
    expect(documentOf(document)).toMatchObject({ accessToken: bare.stdout.trim(), scopes: [] });
  });

  it.each([
    {
      what: 'a resource that was not asked for at sign-in',
      signsIn: { resources: [api] },
      args: ['--resource', 'https://other.example'],
      code: 'resource_unknown',
      asks: '--resource https://api.example.test --resource https://other.example',
    },
    {
      what: 'the resource of a sign-in that asked for none',
      signsIn: {},
      args: ['--resource', api],
      code: 'resource_unknown',
      asks: `--resource ${api}`,
    },
    {
      what: 'an organization without the scope for organizations',
      signsIn: { resources: [api] },
      args: ['--organization', acme],
      code: 'scope_not_allowed',
      asks: `--resource ${api} --organization ${acme}`,
    },
    {
      what: 'that organization and a resource',
      signsIn: { resources: [api] },
      args: ['--organization', acme, '--resource', api],
      code: 'scope_not_allowed',
      asks: `--resource ${api} --organization ${acme}`,
    },
  ])('$what is $code, with what to run, and no request', async ({ signsIn, args, code, asks }) => {
    await signInAt(emulator, home, signsIn);
    const before = filesOf(home);

    const outcome = await token([...args, '--json']);

    expect(outcome).toMatchObject({ exitCode: 9, stderr: '' });
    expect(documentOf(outcome).error.code).toBe(code);
    expect(documentOf(outcome).error.hint).toBe(
      `Sign in again with: logto-cli sign-in --endpoint ${emulator.endpoint} --app-id emulator-native ${asks}`,
    );
    expect(emulator.takeRequests()).toEqual([]);
    expect(filesOf(home)).toEqual(before);
  });

  it.each([
    ['one that the user is not in', 'emulator-org-other'],
    ['one that nobody knows', 'nowhere'],
  ])('an organization, %s, is organization_denied and costs the session nothing', async (_, id) => {
    await signInAt(emulator, home, everything);
    const before = filesOf(home);

    const alone = await token(['--organization', id, '--json']);
    const withResource = await token(['--organization', id, '--resource', api, '--json']);

    for (const outcome of [alone, withResource]) {
      expect(outcome).toMatchObject({ exitCode: 9, stderr: '' });
      expect(documentOf(outcome).error).toMatchObject({
        code: 'organization_denied',
        message: expect.stringContaining(id),
        hint: expect.stringContaining('Organizations'),
      });
    }
    expect(filesOf(home)).toEqual(before);
    expect((await token(['--organization', acme])).exitCode).toBe(0);
  });

  it('a resource that the provider has forgotten is resource_unknown, and costs the session nothing', async () => {
    await signInAt(emulator, home, everything);
    await token(['--resource', api]);
    await changeRecord(home, (record) => record.resources.push('https://gone.example'));
    const before = filesOf(home);

    const outcome = await token(['--resource', 'https://gone.example', '--json']);

    expect(outcome.exitCode).toBe(9);
    expect(documentOf(outcome).error).toMatchObject({
      code: 'resource_unknown',
      hint: expect.stringMatching(/ --resource https:\/\/gone\.example .*--scope read:things /),
    });
    expect(filesOf(home)).toEqual(before);
    expect((await token(['--refresh'])).exitCode).toBe(0);
  });
});

describe('what a sign-in asked for', () => {
  let providers: Providers;
  beforeAll(async () => {
    providers = await startProviders();
  });
  afterAll(() => providers.close());

  it('is granted: the tokens are there, with their scopes, and no warning', async () => {
    const { native, port } = providers;
    const args = ['--resource', api, '--scope', 'read:things', '--organization', acme, '--scope', 'read:org'];

    const { outcome } = await signIn(native, port, { home }, [...args, '--json']);

    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).not.toContain('warning');
    const found = documentOf(outcome).accessTokens;
    expect(found).toContainEqual(
      expect.objectContaining({ resource: api, organization: null, scopes: ['read:things'] }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ resource: null, organization: acme, scopes: ['read:org'] }),
    );
    const token = await runProgram(['token', '--resource', api], { home });
    const { token: kept } = tokensOf(home).accessTokens.find(
      ({ resource }: { resource: string | null }) => resource === api,
    );
    expect(token.stdout).toBe(`${kept}\n`);
  });

  it('is not granted: the sign-in stands, and says which scopes are missing', async () => {
    const { native, port } = providers;
    const args = ['--resource', api, '--scope', 'read:things,write:things fly:things'];

    const alice = await signIn(native, port, { home }, args);

    expect(alice.outcome.exitCode).toBe(0);
    expect(alice.outcome.stderr).toMatch(/^warning: Not granted: fly:things\. /m);
  });

  it('by somebody without a role and outside the organization: the sign-in stands, and says so', async () => {
    const { native, port, emulator } = providers;
    const bob = emulator.description.users[1];
    if (bob === undefined) return expect.unreachable();
    const args = ['--resource', api, '--scope', 'read:things', '--organization', acme, '--json'];

    const { outcome } = await signIn(native, port, { home }, args, browserOf(bob));

    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).toMatch(/^warning: Not granted: read:things\. /m);
    expect(outcome.stderr).toMatch(/^warning: .*organization_denied/m);
    expect(documentOf(outcome).accessTokens).toContainEqual(
      expect.objectContaining({ resource: api, scopes: [] }),
    );
    expect(documentOf(await runProgram(['whoami', '--json'], { home }))).toMatchObject({
      claims: { username: 'bob' },
    });
  });

  it('is refused where the provider does not know the resource, though nobody asked before', async () => {
    const { native, port } = providers;
    const args = ['--resource', 'https://unknown.example', '--json', '--no-preflight'];
    const browser = new VisitingBrowser(async (url, tab) => void (await tab.show(url)));

    const { outcome } = await signIn(native, port, { home }, args, browser);

    expect(outcome.exitCode).toBe(9);
    expect(documentOf(outcome).error.code).toBe('resource_unknown');
    expect(tokensOf(home)).toBeNull();
  });
});
