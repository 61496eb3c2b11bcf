import { describe, expect, it } from 'vitest';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { countedProcesses } from '../support/counted-processes.js';
import { emulatorAndHome } from '../support/emulator-and-home.js';
import { documentOf, type ProgramOutcome, runProgram, startProgram } from '../support/program.js';
import { runCommand } from '../support/run-command.js';
import {
  acme,
  api,
  changeRecord,
  everything,
  expire,
  signInAt,
  startWatchedEmulator,
  type WatchedEmulator,
} from '../support/session-home.js';
import { filesOf, moment, tokensOf } from './sign-in-run.js';

let emulator: WatchedEmulator;
let home: string;
emulatorAndHome((given, own) => {
  emulator = given;
  home = own;
});

const environment = { LOGTO_CLI_STORAGE: 'file' };
const oneRefresh = ['POST /oidc/token refresh_token'];

function token(args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
  return runProgram(['token', ...args], { home, environment: { ...environment, ...more } });
}

/** Lets the program learn what the provider publishes, as a sign-in with it would have. */
async function warmUp(): Promise<void> {
  expect((await token(['--refresh'])).exitCode).toBe(0);
  emulator.takeRequests();
}

function claimsOf({ stdout }: ProgramOutcome): Record<string, unknown> {
  return decodeJwt(stdout.trim())?.claims ?? expect.unreachable(`no JWT: ${stdout}`);
}

/** What a shell has in a variable after it evaluated a line, as a command that it starts sees it. */
async function shellValue(line: string, name: string): Promise<string> {
  const args = ['-c', `eval "$LINE"; exec sh -c 'printf %s "$${name}"'`];
  const { stdout } = await runCommand('sh', args, { env: { PATH: process.env['PATH'], LINE: line } });
  return stdout;
}

describe('a token that is at hand', () => {
  it('comes without any network, in every form, and nothing is written', async () => {
    const gone = await startWatchedEmulator();
    await signInAt(gone, home);
    await gone.close();
    const before = filesOf(home);
    const { accessTokens, idToken } = tokensOf(home);
    const [{ token: accessToken, expiresAt }] = accessTokens;
    const seconds = `${new Date(expiresAt).toISOString().slice(0, 19)}Z`;

    const expected = [
      { args: [], stdout: `${accessToken}\n` },
      { args: ['--header'], stdout: `Authorization: Bearer ${accessToken}\n` },
      { args: ['--env'], stdout: `export LOGTO_ACCESS_TOKEN='${accessToken}'\n` },
      { args: ['--env', 'API_TOKEN'], stdout: `export API_TOKEN='${accessToken}'\n` },
      { args: ['--min-ttl', '3000'], stdout: `${accessToken}\n` },
      { args: ['--id-token'], stdout: `${idToken}\n` },
      { args: ['--id-token', '--header'], stdout: `Authorization: Bearer ${idToken}\n` },
      { args: ['--id-token', '--env'], stdout: `export LOGTO_ID_TOKEN='${idToken}'\n` },
    ];
    for (const { args, stdout } of expected) {
      expect(await token(args)).toEqual({ exitCode: 0, signal: null, stdout, stderr: '' });
    }
    expect(documentOf(await token(['--json']))).toEqual({
      accessToken,
      tokenType: 'Bearer',
      expiresAt: seconds,
      scopes: ['openid', 'profile', 'offline_access'],
      resource: null,
      organization: null,
      claims: null,
    });
    expect(filesOf(home)).toEqual(before);
  });

  it('is what a shell gets that evaluates --env', async () => {
    await signInAt(emulator, home);
    const [{ token: accessToken }] = tokensOf(home).accessTokens;

    const [standard, named] = [await token(['--env']), await token(['--env', 'API_TOKEN'])];

    expect(await shellValue(standard.stdout, 'LOGTO_ACCESS_TOKEN')).toBe(accessToken);
    expect(await shellValue(named.stdout, 'API_TOKEN')).toBe(accessToken);
  });

  it('is quoted for the shell, whatever is in it', async () => {
    await signInAt(emulator, home);
    const hostile = `a'b"c$(echo oops)\`echo oops\`\\d e;f`;
    await changeRecord(home, (record) => {
      record.accessTokens[0].token = hostile;
    });

    expect(await shellValue((await token(['--env', 'T'])).stdout, 'T')).toBe(hostile);
  });
});

describe('a token that is not at hand', () => {
  it('costs exactly one request when discovery and keys are known, and none the next time', async () => {
    await signInAt(emulator, home, everything);
    await warmUp();

    const first = await token(['--resource', api, '--json']);
    expect(emulator.takeRequests()).toEqual(oneRefresh);
    const second = await token(['--resource', api, '--json']);
    expect(emulator.takeRequests()).toEqual([]);

    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(documentOf(first)).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresAt: moment,
      scopes: ['read:things', 'write:things'],
      resource: api,
      organization: null,
      claims: expect.objectContaining({ aud: api, scope: 'read:things write:things' }),
    });
    expect(documentOf(second)).toEqual(documentOf(first));
  });

  it('is for the resource, the organization, or the resource within the organization that was asked', async () => {
    await signInAt(emulator, home, everything);

    const ofResource = await token(['--resource', api]);
    const ofOrganization = await token(['--organization', acme]);
    const ofBoth = await token(['--resource', api, '--organization', acme]);
    const ofOrganizations = await token(['--resource', 'urn:logto:resource:organizations']);

    expect(claimsOf(ofResource)).toMatchObject({ aud: api, scope: 'read:things write:things' });
    expect(claimsOf(ofResource)['organization_id']).toBeUndefined();
    const audience = `urn:logto:organization:${acme}`;
    expect(claimsOf(ofOrganization)).toMatchObject({ aud: audience, scope: 'read:org write:org' });
    expect(claimsOf(ofBoth)).toMatchObject({ aud: api, organization_id: acme });
    expect(claimsOf(ofOrganizations)).toMatchObject({ aud: 'urn:logto:resource:organizations' });
    expect([ofResource, ofOrganization, ofBoth, ofOrganizations].map(({ stderr }) => stderr)).toEqual(
      Array(4).fill(''),
    );
    // Each has its own place: none took that of another.
    await countedProcesses.atOnce(4);
    emulator.takeRequests();
    const again = await Promise.all([
      token(['--resource', api]),
      token(['--organization', acme]),
      token(['--resource', api, '--organization', acme]),
      token(),
    ]);
    expect(emulator.takeRequests()).toEqual([]);
    expect(again.slice(0, 3).map(({ stdout }) => stdout)).toEqual(
      [ofResource, ofOrganization, ofBoth].map(({ stdout }) => stdout),
    );
  });

  it.each(['emulator-native', 'emulator-spa'])('rotates the refresh token of %s', async (appId) => {
    await signInAt(emulator, home, { appId });
    const before = tokensOf(home).refreshToken;

    const program = startProgram(['token', '--refresh'], { home, environment });
    await program.says('stdout', /./);
    // The new one is stored by the time that anything is printed: this process may end now.
    const stored = tokensOf(home);
    program.kill('SIGKILL');

    expect(stored.refreshToken).not.toBe(before);
    await program.ended;
    expect((await token(['--refresh'])).exitCode).toBe(0);
    expect(new Set([before, stored.refreshToken, tokensOf(home).refreshToken]).size).toBe(3);
  });

  it('keeps the refresh token of a Traditional application, which does not change', async () => {
    await signInAt(emulator, home, { appId: 'emulator-traditional' });
    const before = tokensOf(home).refreshToken;
    const secret = { LOGTO_APP_SECRET: 'emulator-only-app-secret' };

    const outcomes = [await token(['--refresh'], secret), await token(['--refresh'], secret)];

    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(new Set(outcomes.map(({ stdout }) => stdout)).size).toBe(2);
    expect(tokensOf(home).refreshToken).toBe(before);
  });

  it('is refreshed when it has ended, when less than --min-ttl is left, and with --refresh', async () => {
    await signInAt(emulator, home);
    await warmUp();
    const tokens = [tokensOf(home).accessTokens[0].token];
    const fetched = async (args: readonly string[]) => {
      const { exitCode, stdout } = await token(args);
      expect(exitCode).toBe(0);
      tokens.push(stdout.trim());
      return emulator.takeRequests();
    };

    expect(await fetched(['--min-ttl', '3500'])).toEqual([]);
    expect(await fetched(['--min-ttl', '3700'])).toEqual(oneRefresh);
    expect(await fetched(['--refresh'])).toEqual(oneRefresh);
    await expire(home);
    expect(await fetched([])).toEqual(oneRefresh);
    expect(await fetched([])).toEqual([]);
    expect(new Set(tokens).size).toBe(4);
  });

  it('is refreshed half a minute before its end, and what has ended is dropped', async () => {
    await signInAt(emulator, home, everything);
    await token(['--resource', api]);
    await token(['--organization', acme]);
    await changeRecord(home, (record) => {
      record.accessTokens[0].expiresAt = Date.now() + 25_000;
      record.accessTokens[1].expiresAt = Date.now() - 1;
    });
    emulator.takeRequests();

    expect((await token()).exitCode).toBe(0);

    expect(emulator.takeRequests()).toEqual(oneRefresh);
    const kept = tokensOf(home).accessTokens;
    expect(kept.map(({ organization }: { organization: string | null }) => organization)).toEqual([
      acme,
      null,
    ]);
  });

  it('costs one refresh however many processes want it', async () => {
    await signInAt(emulator, home);
    await warmUp();
    await expire(home);

    await countedProcesses.atOnce(5);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => token()));

    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    expect(new Set(outcomes.map(({ stdout }) => stdout)).size).toBe(1);
    expect(emulator.takeRequests()).toEqual(oneRefresh);
    expect(Object.keys(filesOf(home))).toEqual(['sessions/default/key-token%53et']);
  });
});

describe('the ID token', () => {
  it('is refreshed by its own end, not by that of the access token', async () => {
    const shortly = await startWatchedEmulator({ ttl: { idToken: 2 } });
    try {
      await signInAt(shortly, home);
      const first = tokensOf(home);
      await expect
        .poll(() => Date.now(), { timeout: 10_000 })
        .toBeGreaterThan(Number(decodeJwt(first.idToken)?.claims['exp']) * 1000);

      const access = await token();
      expect(access.stdout).toBe(`${first.accessTokens[0].token}\n`);
      expect(shortly.takeRequests()).toEqual([]);
      const { stdout, stderr, exitCode } = await token(['--id-token']);

      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      expect(stdout).not.toBe(`${first.idToken}\n`);
      expect(shortly.takeRequests().filter((what) => what.includes('refresh_token'))).toHaveLength(1);
      expect(tokensOf(home).idToken).toBe(stdout.trim());
      expect(tokensOf(home).refreshToken).not.toBe(first.refreshToken);
    } finally {
      await shortly.close();
    }
  });

  it('that lives is at hand though the access token has ended', async () => {
    await signInAt(emulator, home);
    await expire(home);
    expect((await token(['--id-token'])).stdout).toBe(`${tokensOf(home).idToken}\n`);
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('is refreshed for --min-ttl and --refresh too', async () => {
    await signInAt(emulator, home);
    await warmUp();
    for (const args of [['--min-ttl', '3700'], ['--refresh']]) {
      expect(await token(['--id-token', ...args])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(emulator.takeRequests()).toEqual(oneRefresh);
    }
  });
});

describe('--decode', () => {
  it('shows a JWT with times as dates and its scopes one by one', async () => {
    await signInAt(emulator, home, everything);

    const { exitCode, stdout, stderr } = await token(['--resource', api, '--decode']);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^ +typ +at\+jwt$/m);
    expect(stdout).toMatch(/^ +aud +https:\/\/api\.example\.test$/m);
    expect(stdout).toMatch(/^ +exp +\d+ \(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, in (?:\d+ min|1 hour)\)$/m);
    expect(stdout).toMatch(/^ +iat +\d+ \(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, (?:now|\d+ s ago)\)$/m);
    expect(stdout).toMatch(/^Scopes\n {2}read:things\n {2}write:things$/m);
    const { token: jwt } = tokensOf(home).accessTokens.find(
      ({ resource }: { resource: string }) => resource === api,
    );
    expect(stdout).not.toContain(jwt);
    expect(documentOf(await token(['--resource', api, '--decode', '--json']))).toEqual({
      format: 'jwt',
      ...decodeJwt(jwt),
    });
  });

  it('shows the ID token', async () => {
    await signInAt(emulator, home);
    const { stdout } = await token(['--id-token', '--decode']);
    expect(stdout).toMatch(/^ +username +alice$/m);
    expect(stdout).toMatch(/^ +exp +\d+ \(/m);
  });

  it('says of an opaque token that it is opaque', async () => {
    await signInAt(emulator, home);
    const outcome = await token(['--decode']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outcome.stdout).toContain('opaque');
    expect(documentOf(await token(['--decode', '--json']))).toEqual({
      format: 'opaque',
      header: null,
      claims: null,
    });
  });

  it('decodes a token that is given, or that comes on standard input, with no session', async () => {
    const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = `${segment({ alg: 'none' })}.${segment({ sub: 'somebody', exp: 1_800_000_000, scope: 'a b' })}.x`;

    const given = await token(['--decode', jwt]);
    const piped = await runProgram(['token', '--decode', '-'], { home, stdin: `${jwt}\n` });

    expect(given).toMatchObject({ exitCode: 0, stderr: '' });
    expect(given.stdout).toMatch(/^ +exp +1800000000 \(2027-01-15T08:00:00Z, /m);
    expect(given.stdout).toMatch(/^Scopes\n {2}a\n {2}b$/m);
    expect(piped).toEqual(given);
    expect(filesOf(home)).toEqual({});
  });
});

describe('an access token and UserInfo', () => {
  it('of a resource leaves that of UserInfo alone, which whoami --remote uses', async () => {
    await signInAt(emulator, home, everything);
    await token(['--resource', api]);
    await token(['--organization', acme]);

    const outcome = await runProgram(['whoami', '--remote', '--json'], { home, environment });

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(documentOf(outcome).userInfo).toMatchObject({ sub: 'emulator-user-alice' });
  });

  it('is refreshed for whoami --remote when only that of a resource lives', async () => {
    await signInAt(emulator, home, everything);
    await token(['--resource', api]);
    await changeRecord(home, (record) => {
      record.accessTokens = record.accessTokens.filter(
        ({ resource }: { resource: string | null }) => resource !== null,
      );
    });
    emulator.takeRequests();

    const outcome = await runProgram(['whoami', '--remote', '--json'], { home, environment });

    expect(documentOf(outcome).userInfo).toMatchObject({ sub: 'emulator-user-alice' });
    expect(emulator.takeRequests()).toEqual([...oneRefresh, 'GET /oidc/me']);
  });
});
